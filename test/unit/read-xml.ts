/** The elements of an XML document in order, with their attributes; throws where it is not well-formed. */
export function readXml(text: string): { name: string; attributes: Record<string, string> }[] {
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const token = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new Error(`not well-formed at "${text.slice(from, from + 60)}"`);
    const [whole, closing, name = '', attributes = '', empty] = found;
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(whole)) throw new Error(`a bare & in "${whole}"`);
    const letters = [...whole].map((letter) => letter.codePointAt(0) ?? 0);
    if (
      letters.some(
        (code) =>
          code < 9 || (code > 13 && code < 32) || (code >= 0xd800 && code < 0xe000) || code === 0xfffe,
      )
    )
      throw new Error('a character that XML has no place for');
    if (name === '') continue;
    if (closing) {
      if (open.pop() !== name) throw new Error(`</${name}> closes another element`);
      continue;
    }
    const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)];
    elements.push({ name, attributes: Object.fromEntries(pairs.map(([, key, value]) => [key, value])) });
    if (!empty) open.push(name);
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} not closed`);
  return elements;
}
