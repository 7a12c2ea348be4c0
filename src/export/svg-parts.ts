import { escapeMarkup } from './markup.ts';
import type { Paint } from './svg.ts';

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

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

/** Hundredths of a pixel are enough. */
export const svgNumber = (value: number): string => String(Number(value.toFixed(2)));
