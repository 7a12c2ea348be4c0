const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/**
 * The first key that some object in a JSON text has twice. `JSON.parse` keeps the last of them without a word, so that two readers
 * of one file could see different things in it.
 *
 * @param text JSON that `JSON.parse` takes
 */
export function duplicateKey(text: string): string | undefined {
  // The keys seen in each object that is open; an array has none of its own.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(undefined);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) {
        // The same name may be written with and without escapes.
        const key = String(JSON.parse(text.slice(at, end)));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Just behind the closing quotation mark of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}

function isKey(text: string, behind: number): boolean {
  let at = behind;
  while (' \t\r\n'.includes(text[at] ?? '.')) at++;
  return text.charCodeAt(at) === COLON;
}
