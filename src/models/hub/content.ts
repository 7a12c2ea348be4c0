const HTML = /^\s*<(?:!doctype\s+html|html|head|body)[\s>]/i;
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\//;

/** Of settings, tokenizers and descriptions: the longest that there are have a third of it. Parsing takes several times the room. */
export const MAX_JSON_BYTES = 50_000_000;

/** Bytes that {@link contentFault} looks at. */
export const HEAD_BYTES = 200;

/**
 * What stands in the place of a model's file, judged by its first bytes: a web page (a sign-in, a captive network, an error), or the
 * pointer that Git LFS leaves where a large file was not fetched.
 */
export function contentFault(head: Uint8Array): 'web page' | 'pointer' | undefined {
  const text = new TextDecoder('latin1').decode(head.subarray(0, HEAD_BYTES)).replace(/^ï»¿/, '');
  if (HTML.test(text)) return 'web page';
  return POINTER.test(text) ? 'pointer' : undefined;
}
