import { UnreadableFile } from '../errors.ts';
import type { PictureSize } from './bytes.ts';
import { findRootTag } from './markup.ts';
import { checkSvg } from './svg-scan.ts';
import { decodeText } from './text-encoding.ts';

/** CSS pixels of a unit, at 96 an inch (CSS Values 4, §6.2). */
const PIXELS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  em: 16,
  ex: 8,
};
/** What browsers give a drawing that states no size at all (CSS 2, §10.3.2). */
const UNSTATED: PictureSize = { width: 300, height: 150 };

/**
 * SVG: `width` and `height`, else the proportions of `viewBox`, else 300 × 150 as in browsers.
 *
 * @throws {UnreadableFile} also for one that unfolds to more than a page can draw, see `checkSvg`
 */
export function readSvgSize(bytes: Uint8Array): PictureSize {
  const text = decodeText(bytes);
  const root = findRootTag(text);
  if (root?.name !== 'svg') throw new UnreadableFile('is a damaged SVG: its first tag is not <svg>');
  checkSvg(text);
  const width = toPixels(root.attributes.get('width'));
  const height = toPixels(root.attributes.get('height'));
  if (width && height) return { width, height };
  const box = (root.attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , boxWidth = 0, boxHeight = 0] = box;
  if (!(boxWidth > 0 && boxHeight > 0 && Number.isFinite(boxWidth * boxHeight)))
    return { width: width ?? UNSTATED.width, height: height ?? UNSTATED.height };
  if (width) return { width, height: (width * boxHeight) / boxWidth };
  if (height) return { width: (height * boxWidth) / boxHeight, height };
  return { width: boxWidth, height: boxHeight };
}

/** @returns undefined for what is no positive length: a percentage, `auto`, nothing */
function toPixels(length: string | undefined): number | undefined {
  const [, number = '', unit = ''] = /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)([a-z]*)\s*$/i.exec(length ?? '') ?? [];
  const pixels = Number(number || Number.NaN) * (PIXELS[unit.toLowerCase()] ?? Number.NaN);
  return pixels > 0 && Number.isFinite(pixels) ? pixels : undefined;
}
