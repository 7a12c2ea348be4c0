/** Runs `open` at the first call and gives every caller the same promise; a failure is forgotten, so that the next call tries again. */
export function once<T>(open: () => Promise<T>): (() => Promise<T>) & { reset(): void } {
  let opened: Promise<T> | undefined;
  const get = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return Object.assign(get, {
    reset() {
      opened = undefined;
    },
  });
}
