/** The first tag of an XML or HTML document, and where it stands. */
interface RootTag {
  /** Lower case, without a namespace prefix: `svg`, `html`. */
  readonly name: string;
  /** The doctype's name in lower case, if there is one. */
  readonly doctype?: string;
  /** Attributes as written, entities left alone. */
  readonly attributes: ReadonlyMap<string, string>;
}

// The name of a tag and what stands between its brackets; attribute values may hold a ">".
const TAG = /<([A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/y;
const ATTRIBUTE = /([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
// A root tag with its attributes is never longer; it keeps hostile input from costing time.
const LONGEST_TAG = 100_000;

/** Skips what may stand before a document's first tag: white space, declarations, comments, a doctype. */
export function findRootTag(text: string): RootTag | undefined {
  let at = 0;
  let doctype: string | undefined;
  for (;;) {
    while (at < text.length && /[\s\ufeff]/.test(text.charAt(at))) at++;
    if (text.startsWith('<?', at)) at = after(text, '?>', at);
    else if (text.startsWith('<!--', at)) at = after(text, '-->', at);
    else if (/^<!doctype/i.test(text.slice(at, at + 9))) {
      doctype = /^\s*([\w:.-]+)/.exec(text.slice(at + 9, at + 200))?.[1]?.toLowerCase() ?? '';
      at = afterDoctype(text, at);
    } else break;
    if (at < 0) return doctype === undefined ? undefined : { name: '', doctype, attributes: new Map() };
  }
  const rest = text.slice(at, at + LONGEST_TAG);
  TAG.lastIndex = 0;
  const tag = TAG.exec(rest);
  if (!tag) return doctype === undefined ? undefined : { name: '', doctype, attributes: new Map() };
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of (tag[3] ?? '').matchAll(ATTRIBUTE))
    attributes.set(name, double ?? single ?? '');
  return { name: (tag[2] ?? '').toLowerCase(), ...(doctype !== undefined && { doctype }), attributes };
}

function after(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? -1 : found + end.length;
}

/** A doctype may hold declarations in square brackets, and those hold ">". */
function afterDoctype(text: string, from: number): number {
  const close = text.indexOf('>', from);
  const open = text.indexOf('[', from);
  if (open < 0 || (close >= 0 && close < open)) return close < 0 ? -1 : close + 1;
  const end = text.indexOf(']', open);
  return end < 0 ? -1 : after(text, '>', end);
}
