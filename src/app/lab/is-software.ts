/** Whether there is no GPU, or one that is only imitated on the processor. */
export function isSoftware(
  adapter: { readonly isFallback: boolean; readonly architecture: string } | undefined,
): boolean {
  return !adapter || adapter.isFallback || /swiftshader|llvmpipe|lavapipe/i.test(adapter.architecture);
}
