import { formatCount, UnreadableFile } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { createEntities, type Entities } from './svg-entities.ts';
import {
  gatherRules,
  type Reference,
  type Rules,
  readReferences,
  readStyle,
  refuseNested,
} from './svg-style.ts';

/** An element with what decides how much the browser makes of it. */
interface Part {
  readonly name: string;
  readonly parts: Part[];
  readonly references: Reference[];
  /** What it costs to draw, 1 for a shape. */
  readonly weight: number;
  readonly classes: readonly string[];
  readonly id: string | undefined;
  /** With all that it holds and refers to; 0 until it is known. */
  size: number;
  /** Corners of paths, of all that it holds and refers to. */
  corners: number;
  entered: boolean;
}

/** Elements whose `href` brings in another one; a link's or an animation's does not. */
const BRINGS_IN = new Set(['use', 'pattern', 'feimage', 'textpath', 'tref', 'filter']);
/** A filter's step passes over every pixel, as long as some 50 shapes take. */
const FILTER_STEP = 50;
/** Characters that a corner takes in a path, at the least: `h1v1` has two. */
const CORNER = 2;
/** A style sheet can give many references to many elements, which would cost time here. */
const MOST_REFERENCES = 1_000_000;
const ATTRIBUTE = /\s*([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const TAG_END = /\s*(\/?)>/y;
const TAG_NAME = /[^\s/>"'<=]+/y;

/**
 * Works out how large an SVG becomes before anything parses it: a few lines can hold a billion shapes. Takes time in proportion
 * to the text, and never unfolds anything itself.
 *
 * @throws {UnreadableFile} when its entities, its elements or its references unfold beyond the limits
 */
export function checkSvg(text: string): void {
  const { root, byId, rules, weight } = scan(text);
  for (const id of byId.keys()) {
    const part = byId.get(id);
    // Gradients hold only stops, so referring to one costs nothing.
    if (part && /^(?:linear|radial)gradient$/.test(part.name)) byId.delete(id);
  }
  const most = weight + LIMITS.svgUnfolded;
  const referencesOf = (part: Part): Reference[] => [
    ...part.references,
    ...(rules.size === 0
      ? []
      : [
          '*',
          part.name,
          ...(part.id === undefined ? [] : [`#${part.id}`]),
          ...part.classes.map((each) => `.${each}`),
        ].flatMap((selector) => rules.get(selector) ?? [])),
  ];

  // Depth first without recursion: documents nest deeper than the stack is.
  const waiting = [root];
  let edges = 0;
  for (let part = waiting.at(-1); part; part = waiting.at(-1)) {
    const stated = referencesOf(part);
    const references = stated.flatMap(({ id, inherited, atCorners }) => {
      const target = byId.get(id);
      return target ? [{ target, inherited, atCorners }] : [];
    });
    if (part.entered) {
      waiting.pop();
      if (part.size > 0) continue;
      let size = part.weight;
      let eachTime = 0;
      let atEachCorner = 0;
      for (const child of part.parts) {
        size += child.size;
        part.corners += child.corners;
      }
      for (const { target, inherited, atCorners } of references) {
        part.corners += target.corners;
        if (atCorners) atEachCorner += target.size;
        if (target.size === 0) throw inCircles();
        if (inherited) eachTime += target.size;
        else size += target.size;
      }
      // A fill is passed on to all that is inside, and is drawn with each.
      part.size = size + size * eachTime + part.corners * atEachCorner;
      if (part.size > most) throw tooMany();
      continue;
    }
    part.entered = true;
    edges += stated.length;
    if (edges > MOST_REFERENCES) throw tooMany();
    for (const next of [...part.parts, ...references.map(({ target }) => target)]) {
      if (next.size > 0) continue;
      if (next.entered) throw inCircles();
      waiting.push(next);
    }
  }
}

function tooMany(): UnreadableFile {
  return new UnreadableFile(
    `is an SVG whose parts repeat one another too often (up to ${formatCount(LIMITS.svgUnfolded)} repeats are drawn). Export it as PNG`,
  );
}

function inCircles(): UnreadableFile {
  return new UnreadableFile(
    'is an SVG with a part that refers to itself, which is not opened. Export it as PNG',
  );
}

function damaged(): UnreadableFile {
  return new UnreadableFile('is a damaged SVG: it is no well-formed XML');
}

interface Scanned {
  /** Holds the document's root. */
  readonly root: Part;
  readonly byId: Map<string, Part>;
  readonly rules: Rules;
  /** Of all elements, each once. */
  readonly weight: number;
}

function scan(text: string): Scanned {
  const root = createPart('', new Map());
  const open = [root];
  const byId = new Map<string, Part>();
  const rules: Rules = new Map();
  let entities = createEntities('');
  let count = 0;
  let weight = root.weight;
  let style = '';
  let at = 0;

  const hear = (raw: string, isCdata = false) => {
    const content = isCdata ? raw : entities.unfold(raw);
    if (open.at(-1)?.name === 'style') style += content;
  };

  for (;;) {
    const start = text.indexOf('<', at);
    hear(text.slice(at, start < 0 ? text.length : start));
    if (start < 0) break;
    if (text.startsWith('<!--', start)) at = after(text, '-->', start + 4);
    else if (text.startsWith('<![CDATA[', start)) {
      at = after(text, ']]>', start + 9);
      hear(text.slice(start + 9, at - 3), true);
    } else if (text.startsWith('<?', start)) {
      at = after(text, '?>', start);
      refuseNested(text.slice(start, at));
    } else if (text.startsWith('<!DOCTYPE', start)) {
      const end = doctypeEnd(text, start + 9);
      entities = createEntities(text.slice(start + 9, end));
      at = end;
    } else if (text.startsWith('</', start)) {
      if (open.length > 1 && open.pop()?.name === 'style') {
        gatherRules(style, rules);
        style = '';
      }
      at = after(text, '>', start);
    } else {
      TAG_NAME.lastIndex = start + 1;
      const name = TAG_NAME.exec(text)?.[0];
      if (name === undefined) throw damaged();
      const tag = readAttributes(text, TAG_NAME.lastIndex, entities);
      at = tag.end;
      const part = createPart(localName(name), tag.attributes);
      count++;
      weight += part.weight;
      if (count > LIMITS.svgElements)
        throw new UnreadableFile(
          `is an SVG with more than ${formatCount(LIMITS.svgElements)} elements, which is not drawn. Export it as PNG`,
        );
      open.at(-1)?.parts.push(part);
      if (part.id !== undefined && !byId.has(part.id)) byId.set(part.id, part);
      if (!tag.closed) open.push(part);
    }
  }
  // Left open by damaged markup.
  gatherRules(style, rules);
  return { root, byId, rules, weight };
}

function readAttributes(
  text: string,
  from: number,
  entities: Entities,
): { attributes: Map<string, string>; closed: boolean; end: number } {
  const attributes = new Map<string, string>();
  let at = from;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(text);
    if (!found) break;
    at = ATTRIBUTE.lastIndex;
    const value = entities.unfold(found[2] ?? found[3] ?? '');
    attributes.set(found[1] ?? '', value);
  }
  TAG_END.lastIndex = at;
  const end = TAG_END.exec(text);
  if (!end) throw damaged();
  return { attributes, closed: end[1] === '/', end: TAG_END.lastIndex };
}

function createPart(name: string, attributes: ReadonlyMap<string, string>): Part {
  const references: Reference[] = [];
  for (const [attribute, value] of attributes) {
    const local = localName(attribute);
    if (local === 'href' || local === 'src' || local === 'srcset') {
      refuseNested(value);
      if (local === 'href' && BRINGS_IN.has(name) && value.includes('#'))
        references.push({ id: fragment(value), inherited: false, atCorners: false });
    } else if (local === 'style') references.push(...readStyle(value));
    else if (local === 'attributename' && localName(value.trim()) === 'href')
      throw new UnreadableFile(
        'is an SVG that exchanges its parts as it moves, which is not opened. Export it as PNG',
      );
    else if (value.includes('(')) references.push(...readReferences(local, value));
  }
  const outline = attributes.get('d') ?? attributes.get('points') ?? '';
  const isStep = /^fe[a-z]/.test(name);
  const octaves = Math.min(1000, Math.max(1, Number(attributes.get('numOctaves')) || 1));
  return {
    name,
    parts: [],
    references,
    weight: isStep ? FILTER_STEP * octaves : 1,
    classes: (attributes.get('class') ?? '').split(/\s+/).filter(Boolean),
    id: attributes.get('id'),
    size: 0,
    corners: Math.ceil(outline.length / CORNER),
    entered: false,
  };
}

function fragment(address: string): string {
  const raw = address.slice(address.lastIndexOf('#') + 1).trim();
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** XML tells cases apart; taking them for the same only counts too much. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

function after(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  if (found < 0) throw damaged();
  return found + end.length;
}

/** Declarations in square brackets and quotes may hold ">", and comments may hold quotes. */
function doctypeEnd(text: string, from: number): number {
  const special = /["'[\]>]|<!--|<\?/g;
  special.lastIndex = from;
  let inside = false;
  for (let found = special.exec(text); found; found = special.exec(text)) {
    const [mark] = found;
    if (mark === '"' || mark === "'") special.lastIndex = after(text, mark, special.lastIndex);
    else if (mark === '<!--') special.lastIndex = after(text, '-->', special.lastIndex);
    else if (mark === '<?') special.lastIndex = after(text, '?>', special.lastIndex);
    else if (mark === '[') inside = true;
    else if (mark === ']') inside = false;
    else if (!inside) return special.lastIndex;
  }
  throw damaged();
}
