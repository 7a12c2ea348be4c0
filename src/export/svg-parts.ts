import { escapeMarkup, shorten } from './markup.ts';
import { type Place, SCALE_WIDTH, SWATCH } from './sheet.ts';
import type { ColorScale, LegendEntry, Paint } from './svg.ts';

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** Words beyond this are cut in titles and legends. */
export const TITLE_LENGTH = 60;

/** What stands in a document on its ground. */
interface DocumentParts {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** Markup that `body` refers to. */
  readonly definitions?: string | undefined;
  readonly body: readonly string[];
}

/** A whole SVG document, with a name and a description for who does not see it. */
export function svgDocument(parts: DocumentParts, { background }: Paint): string {
  const [width, height] = [svgNumber(parts.width), svgNumber(parts.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${escapeMarkup(FONT)}" font-size="12">`,
    `<title>${escapeMarkup(parts.title)}</title><desc>${escapeMarkup(parts.description)}</desc>`,
    parts.definitions && `<defs>${parts.definitions}</defs>`,
    `<rect width="100%" height="100%" fill="${background}"/>`,
    ...parts.body,
    '</svg>\n',
  ]
    .filter(Boolean)
    .join('\n');
}

/** Swatches with their words, at the places that a sheet has for them. */
export function legendMarks(
  legend: readonly LegendEntry[],
  places: readonly Place[],
  { label: ink }: Paint,
): string[] {
  return legend.map(({ label, color }, at) => {
    const { x, y } = places[at] ?? { x: 0, y: 0 };
    return `<circle cx="${svgNumber(x + 5)}" cy="${svgNumber(y - 4)}" r="5" fill="${escapeMarkup(color)}"/>${svgText(x + SWATCH, y, shorten(label, TITLE_LENGTH), ink)}`;
  });
}

interface TextLook {
  readonly weight?: number | undefined;
  readonly anchor?: 'start' | 'middle' | 'end' | undefined;
  readonly size?: number | undefined;
  readonly opacity?: number | undefined;
}

/** A line of words whose base line begins (or has its middle, or ends) at this place. */
export function svgText(x: number, y: number, words: string, color: string, look: TextLook = {}): string {
  const { weight = 400, anchor = 'start', size = 12, opacity = 1 } = look;
  const attributes = [
    weight === 400 ? '' : ` font-weight="${weight}"`,
    anchor === 'start' ? '' : ` text-anchor="${anchor}"`,
    size === 12 ? '' : ` font-size="${size}"`,
    opacity === 1 ? '' : ` opacity="${opacity}"`,
  ].join('');
  return `<text x="${svgNumber(x)}" y="${svgNumber(y)}" fill="${color}"${attributes}>${escapeMarkup(words)}</text>`;
}

/** The scale of a measure: its name, its colors, and what the ends say. */
export function scaleMarks({ title, ends, stops }: ColorScale, { x, y }: Place, paint: Paint): string {
  return [
    svgText(x, y + 12, title, paint.label, { weight: 600 }),
    gradientBar('scale-colors', stops, x, y + 20, SCALE_WIDTH),
    svgText(x, y + 47, ends[0], paint.label, { size: 11 }),
    svgText(x + SCALE_WIDTH, y + 47, ends[1], paint.label, { size: 11, anchor: 'end' }),
  ].join('');
}

/** @param id one that nothing else on the page has */
export function gradientBar(
  id: string,
  stops: readonly string[],
  x: number,
  y: number,
  width: number,
): string {
  const last = Math.max(1, stops.length - 1);
  const colors = stops.map(
    (color, at) => `<stop offset="${svgNumber((100 * at) / last)}%" stop-color="${escapeMarkup(color)}"/>`,
  );
  return `<linearGradient id="${id}">${colors.join('')}</linearGradient><rect x="${svgNumber(x)}" y="${svgNumber(y)}" width="${svgNumber(width)}" height="12" rx="2" fill="url(#${id})"/>`;
}

/** Hundredths of a pixel are enough. */
export const svgNumber = (value: number): string => String(Number(value.toFixed(2)));
