import type { Id, ItemKind } from '../data/item.ts';
import type { DrawnItem, MapDrawing } from '../map/drawing.ts';
import { cssColor, type Palette } from '../map/theme.ts';
import { escapeMarkup, shorten } from './markup.ts';
import { layOutSheet } from './sheet.ts';
import {
  legendMarks,
  svgNumber as number,
  scaleMarks,
  svgDocument,
  TITLE_LENGTH,
  svgText as text,
} from './svg-parts.ts';

/** A small picture of an item, for showing it at its place. */
export interface EmbeddedPicture {
  /** A data URL: what is exported asks for nothing else. */
  readonly href: string;
  readonly width: number;
  readonly height: number;
}

export interface SvgMap {
  readonly title?: string | undefined;
  readonly drawing: MapDrawing;
  /** Of each row. */
  readonly ids: readonly Id[];
  readonly nameOf: (id: Id) => string;
}

export interface LegendEntry {
  readonly label: string;
  /** As CSS writes it. */
  readonly color: string;
}

/** Colors of a number that each item has. */
export interface ColorScale {
  readonly title: string;
  /** What the two ends are. */
  readonly ends: readonly [string, string];
  /** Colors as CSS writes them, evenly from the one end to the other. */
  readonly stops: readonly string[];
}

/** CSS colors for what has none of its own. */
export interface Paint {
  readonly background: string;
  readonly accent: string;
  readonly border: string;
  readonly card: string;
  readonly label: string;
  readonly kinds: Readonly<Record<ItemKind, string>>;
}

export interface SvgOptions {
  readonly title: string;
  readonly description: string;
  readonly legend?: readonly LegendEntry[] | undefined;
  readonly scale?: ColorScale | undefined;
  /** Where an item has one, it is shown instead of its dot. */
  readonly pictures?: ReadonlyMap<Id, EmbeddedPicture> | undefined;
  /** Those that the maps' palette has unless told. */
  readonly paint?: Paint | undefined;
  /** Where several drawings of a page share {@link pictureDefinitions}, they are not in the drawing itself. */
  readonly pictureIds?: PictureIds | undefined;
}

type PictureIds = ReadonlyMap<Id, string>;

/** Names beyond this are whole texts. */
const NAME_LENGTH = 120;

/** One or more maps as they are on the screen, as an SVG document: XML in which item names can do nothing. */
export function svgOf(maps: readonly SvgMap[], options: SvgOptions): string {
  const { title, description, legend = [], pictures = new Map() } = options;
  const palette = maps[0]?.drawing.palette;
  const paint = options.paint ?? (palette && paintOf(palette));
  if (!paint) return '';
  const titles = maps.map((map) => map.title);
  const sheet = layOutSheet(
    maps.map(({ drawing }, at) => ({ title: titles[at], width: drawing.width, height: drawing.height })),
    legend.map(({ label }) => shorten(label, TITLE_LENGTH)),
    options.scale !== undefined,
  );
  const ids = options.pictureIds ?? pictureIdsOf(pictures);
  const body = maps.map((map, at) => {
    const { x, y } = sheet.maps[at] ?? { x: 0, y: 0 };
    const { width, height } = map.drawing;
    const head =
      titles[at] === undefined ? '' : text(x, y - 10, titles[at] ?? '', paint.label, { weight: 600 });
    const frame =
      maps.length > 1
        ? `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" fill="none" stroke="${paint.border}"/>`
        : '';
    return `${head}<svg x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" overflow="hidden">${mapMarks(map, paint, pictures, ids)}</svg>${frame}`;
  });
  const scale = options.scale ? [scaleMarks(options.scale, sheet.scale, paint)] : [];
  const entries = legendMarks(legend, sheet.entries, paint);
  const own = options.pictureIds ? '' : pictureDefinitions(pictures, ids);
  const { width, height } = sheet;
  return svgDocument(
    { width, height, title, description, definitions: own, body: [...body, ...entries, ...scale] },
    paint,
  );
}

/** What {@link svgOf} refers to, to stand in the `defs` of another drawing of the page. */
export function pictureDefinitions(
  pictures: ReadonlyMap<Id, EmbeddedPicture>,
  ids: PictureIds = pictureIdsOf(pictures),
): string {
  return [...pictures]
    .map(
      ([id, { href, width, height }]) =>
        `<image id="${ids.get(id) ?? ''}" width="${width}" height="${height}" href="${escapeMarkup(href)}"/>`,
    )
    .join('\n');
}

/** Names by which drawings refer to pictures: not of the items' ids, which may be anything. */
export function pictureIdsOf(pictures: ReadonlyMap<Id, EmbeddedPicture>): PictureIds {
  return new Map([...pictures.keys()].map((id, at) => [id, `picture-${at}`]));
}

/** The colors of a map's theme. */
export function paintOf(palette: Palette): Paint {
  const { picture, text: word, vector } = palette.kinds;
  return {
    background: cssColor(palette.background),
    accent: cssColor(palette.accent),
    border: cssColor(palette.border),
    card: cssColor(palette.card),
    label: cssColor(palette.label),
    kinds: { picture: cssColor(picture), text: cssColor(word), vector: cssColor(vector) },
  };
}

function mapMarks(
  { drawing, ids, nameOf }: SvgMap,
  paint: Paint,
  pictures: ReadonlyMap<Id, EmbeddedPicture>,
  pictureIds: PictureIds,
): string {
  const items = drawing.items.map((item) => {
    const id = ids[item.index] ?? '';
    const name = `<title>${escapeMarkup(shorten(nameOf(id), NAME_LENGTH))}</title>`;
    const picture = pictures.get(id);
    const ring = item.selected
      ? `<circle cx="${number(item.x)}" cy="${number(item.y)}" r="${number(ringRadius(item, picture !== undefined))}" fill="none" stroke="${paint.accent}" stroke-width="2"/>`
      : '';
    if (picture && item.thumbnail)
      return ring + thumbnail(item, picture, pictureIds.get(id) ?? '', paint, name);
    return ring + dot(item, paint, name);
  });
  const labels = drawing.labels.map(
    ({ text: words, x, y, width, height, opacity }) =>
      `<g opacity="${number(opacity)}"><rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="4" fill="${paint.background}" fill-opacity="0.82"/>${text(x + 4, y + height / 2 + 4.2, words, paint.label, { weight: 500 })}</g>`,
  );
  return [...items, ...labels].join('\n');
}

function dot({ x, y, radius, kind, color, strength }: DrawnItem, paint: Paint, name: string): string {
  const fill = color
    ? cssColor([Math.round(color[0]), Math.round(color[1]), Math.round(color[2])])
    : paint.kinds[kind];
  // A thin ring in the ground's color keeps dots that overlap apart.
  const gap = Math.min(radius * 0.3, 1);
  const look = `fill="${fill}"${strength < 0.995 ? ` fill-opacity="${number(strength)}"` : ''} stroke="${paint.background}" stroke-width="${number(gap)}"`;
  const r = radius + gap / 2;
  return kind === 'text'
    ? `<rect class="item" x="${number(x - r)}" y="${number(y - r)}" width="${number(2 * r)}" height="${number(2 * r)}" rx="${number(r * 0.4)}" ${look}>${name}</rect>`
    : `<circle class="item" cx="${number(x)}" cy="${number(y)}" r="${number(r)}" ${look}>${name}</circle>`;
}

function thumbnail(
  { x, y, thumbnail: size, color, strength }: DrawnItem,
  { width, height }: EmbeddedPicture,
  pictureId: string,
  paint: Paint,
  name: string,
): string {
  const { halfWidth = 0, halfHeight = 0 } = size ?? {};
  const [left, top] = [number(x - halfWidth), number(y - halfHeight)];
  const frame = color
    ? cssColor([Math.round(color[0]), Math.round(color[1]), Math.round(color[2])])
    : paint.border;
  return [
    `<g class="item"${strength < 0.995 ? ` opacity="${number(strength)}"` : ''}>${name}`,
    `<rect x="${left}" y="${top}" width="${number(2 * halfWidth)}" height="${number(2 * halfHeight)}" fill="${paint.card}" rx="${color ? 3 : 1}" stroke="${frame}" stroke-width="${color ? 5 : 1}"/>`,
    `<use href="#${pictureId}" transform="translate(${left} ${top}) scale(${scale(2 * halfWidth, width)} ${scale(2 * halfHeight, height)})"/></g>`,
  ].join('');
}

function ringRadius({ radius, thumbnail: size }: DrawnItem, hasPicture: boolean): number {
  return hasPicture && size ? Math.hypot(size.halfWidth, size.halfHeight) + 2 : radius + 2.25;
}

const scale = (wanted: number, has: number): string => (wanted / Math.max(1, has)).toPrecision(6);
