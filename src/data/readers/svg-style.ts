import { UnreadableFile } from '../errors.ts';

/** From an element to another one, by its id. */
export interface Reference {
  readonly id: string;
  /** Everything inside the element refers to it too, as with a fill. */
  readonly inherited: boolean;
  /** Drawn at every corner of a path, as a marker. */
  readonly atCorners: boolean;
}

/** References that style sheets add, under `.class`, `#id`, an element's name, or `*` where that cannot be told. */
export type Rules = Map<string, Reference[]>;

const URL_START = /url\(\s*["']?([^"')]*)/gi;
const ONE_THING_ONLY = /^(?:clip-path|(?:-webkit-)?mask(?:-image)?|filter)$/;
const EVERY_CORNER = /^(?:marker|marker-mid|--.*)$/;
const PLAIN_SELECTOR = /^([a-z][\w-]*)?((?:[.#][a-z_][\w-]*)*)(?:::?[a-z-]+)*$/i;

/** @param property  as `fill`, which decides whether it is inherited */
export function readReferences(property: string, value: string): Reference[] {
  refuseNested(value);
  return Array.from(value.matchAll(URL_START), ([, address = '']) => ({
    id: address.slice(address.lastIndexOf('#') + 1).trim(),
    inherited: !ONE_THING_ONLY.test(property),
    atCorners: EVERY_CORNER.test(property),
  }));
}

/** Declarations between braces, or those of a `style` attribute. */
export function readStyle(declarations: string): Reference[] {
  const plain = withoutEscapes(declarations);
  refuseNested(plain);
  if (!/url\(/i.test(plain)) return [];
  return plain.split(';').flatMap((declaration) => {
    const colon = declaration.indexOf(':');
    return readReferences(declaration.slice(0, Math.max(0, colon)).trim().toLowerCase(), declaration);
  });
}

/** Reads a style sheet roughly. Where it is not sure whom a rule is for, the rule is for all. */
export function gatherRules(sheet: string, rules: Rules): void {
  const add = (selector: string, references: readonly Reference[]) => {
    const known = rules.get(selector);
    if (!known) rules.set(selector, [...references]);
    else for (const each of references) known.push(each);
  };
  // Text and braces by turns.
  const pieces = sheet.split(/([{}])/);
  for (let i = 0; i < pieces.length; i += 2) {
    const references = readStyle(pieces[i] ?? '');
    if (references.length === 0) continue;
    const isBlock = pieces[i - 1] === '{' && pieces[i + 1] === '}';
    const selectors = isBlock ? (pieces[i - 2] ?? '') : '*';
    for (const selector of selectors.split(',')) add(lastCompound(selector), references);
  }
}

/** What the last element of a selector must have: `.b` for `g > .a path.b`. */
function lastCompound(selector: string): string {
  const last =
    selector
      .trim()
      .split(/[\s>+~]+/)
      .at(-1) ?? '';
  const found = PLAIN_SELECTOR.exec(last);
  if (!found) return '*';
  const [, name, marks = ''] = found;
  return /^[.#][^.#]+/.exec(marks)?.[0] ?? name?.toLowerCase() ?? '*';
}

/**
 * Documents can be put into an address, as text. What those hold would not be counted.
 *
 * @throws {UnreadableFile}
 */
export function refuseNested(value: string): void {
  if (/data:[^,]{0,200}?(?:svg|xml|html|css)/i.test(value.replace(/[\s\0]+/g, '')))
    throw new UnreadableFile('is an SVG with another document inside, which is not opened. Export it as PNG');
}

function withoutEscapes(css: string): string {
  if (!css.includes('\\')) return css;
  return css.replace(/\\(?:([0-9a-f]{1,6})\s?|([^0-9a-f]))/gi, (_, code: string | undefined, plain = '') =>
    code === undefined ? plain : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0xff_fd)),
  );
}
