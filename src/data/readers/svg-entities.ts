import { formatCount, UnreadableFile } from '../errors.ts';
import { LIMITS } from '../limits.ts';

/** What a document's own abbreviations stand for. Counts what is unfolded, over the whole document. */
export interface Entities {
  /** @throws {UnreadableFile} once all that was unfolded is longer than the limit */
  unfold(text: string): string;
}

/** Their meaning is fixed, also where a document declares them anew. */
const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const COMMENT_OR_DECLARATION = /<!--|<\?|<!(ENTITY|ATTLIST|ELEMENT|NOTATION)/g;
const ENTITY = /\s+(%\s+)?([^\s"'%&;<>]+)\s+(?:"([^"]*)"|'([^']*)')?/y;

/**
 * Reads the declarations of a doctype. Only plain text is allowed in an entity, as Illustrator writes it (namespaces, styles).
 *
 * @throws {UnreadableFile} for entities that hold entities or tags: a few lines of those unfold to gigabytes
 */
export function createEntities(doctype: string): Entities {
  const values = new Map<string, string>();
  COMMENT_OR_DECLARATION.lastIndex = 0;
  for (
    let found = COMMENT_OR_DECLARATION.exec(doctype);
    found;
    found = COMMENT_OR_DECLARATION.exec(doctype)
  ) {
    const from = COMMENT_OR_DECLARATION.lastIndex;
    if (found[0] === '<!--' || found[0] === '<?') {
      const end = doctype.indexOf(found[0] === '<?' ? '?>' : '-->', from);
      if (end < 0) break;
      COMMENT_OR_DECLARATION.lastIndex = end;
    } else {
      if (found[1] === 'ENTITY') declare(doctype, from, values);
      const end = declarationEnd(doctype, from);
      if (found[1] === 'ATTLIST' && /["'][^"']*[#&]/.test(doctype.slice(from, end)))
        throw new UnreadableFile(
          'is an SVG whose doctype adds references to its elements, which is not opened. Export it as PNG',
        );
      COMMENT_OR_DECLARATION.lastIndex = end;
    }
  }

  let unfolded = 0;
  return {
    unfold: (text) =>
      text.includes('&')
        ? text.replace(/&([^;&<]{1,200});/g, (whole, name: string) => {
            const plain = PREDEFINED.get(name) ?? character(name);
            if (plain !== undefined) return plain;
            const value = values.get(name);
            if (value === undefined) return whole;
            unfolded += value.length;
            if (unfolded > LIMITS.svgEntityText)
              throw new UnreadableFile(
                `is an SVG whose entities unfold to more than ${formatCount(LIMITS.svgEntityText)} characters, which is not opened. Export it as PNG`,
              );
            return value;
          })
        : text,
  };
}

function declare(doctype: string, from: number, values: Map<string, string>): void {
  ENTITY.lastIndex = from;
  const found = ENTITY.exec(doctype);
  if (!found) return;
  const [, parameter, name = '', double, single] = found;
  if (parameter !== undefined)
    throw new UnreadableFile(
      'is an SVG whose doctype is put together from pieces (parameter entities), which is not opened. Export it as PNG',
    );
  // The first declaration counts; what stands in another file (SYSTEM) is never loaded.
  if (PREDEFINED.has(name) || values.has(name)) return;
  const value = (double ?? single ?? '').replace(
    /&(#[^;&]{1,10});/g,
    (whole, number: string) => character(number) ?? whole,
  );
  if (value.includes('&'))
    throw new UnreadableFile('is an SVG whose entities hold further entities, which is not opened');
  if (value.includes('<'))
    throw new UnreadableFile('is an SVG whose entities hold tags, which is not opened. Export it as PNG');
  values.set(name, value);
}

function declarationEnd(doctype: string, from: number): number {
  const special = /["'>]/g;
  special.lastIndex = from;
  for (let found = special.exec(doctype); found; found = special.exec(doctype)) {
    const [mark] = found;
    if (mark === '>') return special.lastIndex;
    const close = doctype.indexOf(mark, special.lastIndex);
    if (close < 0) break;
    special.lastIndex = close + 1;
  }
  return doctype.length;
}

/** `#65` and `#x41` are A. */
function character(reference: string): string | undefined {
  const found = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(reference.replace(/^#(x?)0+(?=.)/i, '#$1'));
  if (!found) return undefined;
  const code = found[1] === undefined ? Number(found[2]) : Number.parseInt(found[1], 16);
  return code <= 0x10_ffff ? String.fromCodePoint(code) : undefined;
}
