/** Diagrams: drawn from numbers, in the colors of a map's theme, alone or several on a sheet. */
import { shorten } from './markup.ts';
import { layOutSheet, type Place } from './sheet.ts';
import type { LegendEntry, Paint } from './svg.ts';
import { legendMarks, svgDocument, svgNumber, svgText, TITLE_LENGTH } from './svg-parts.ts';

export interface Figure {
  readonly title: string;
  /** What is seen on it, for who does not see it. */
  readonly description: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** SVG, from the figure's top left. */
  readonly marks: string;
}

export interface FigureSheet {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** Of each figure its top left. */
  readonly places: readonly Place[];
}

/** Figures with their titles on one sheet, and what their colors mean below, as an SVG document. */
export function sheetOf(
  figures: readonly Figure[],
  title: string,
  paint: Paint,
  legend: readonly LegendEntry[] = [],
): FigureSheet {
  const words = legend.map(({ label }) => shorten(label, TITLE_LENGTH));
  const { width, height, maps: places, entries } = layOutSheet(figures, words);
  const body = figures.map(({ title: own, marks }, at) => {
    const { x, y } = places[at] ?? { x: 0, y: 0 };
    const head = svgText(x, y - 10, own, paint.label, { weight: 600 });
    return `${head}<g transform="translate(${svgNumber(x)} ${svgNumber(y)})">${marks}</g>`;
  });
  const description = figures.map((figure) => `${figure.title}. ${figure.description}`).join(' ');
  const marks = [...body, ...legendMarks(legend, entries, paint)];
  const svg = svgDocument({ width, height, title, description, body: marks }, paint);
  return { svg, width, height, places };
}

/** One figure without its title, which stands beside it. */
export function svgOfFigure({ title, description, width, height, marks }: Figure, paint: Paint): string {
  return svgDocument({ width, height, title, description, body: [marks] }, paint);
}

/** The part of a figure on which its axes measure; CSS pixels from the figure's top left. */
export interface Plot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Round numbers between two ends, about as many as asked for, with the digits that they need. */
export function ticksOf(from: number, to: number, count: number): { value: number; text: string }[] {
  if (!(to > from)) return [{ value: from, text: String(Number(from.toPrecision(4))) }];
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  const digits = Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const value = (first + at) * step;
    return { value, text: value.toFixed(digits).replace('-', '−') };
  });
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

const QUIET = { opacity: 0.75 };

/** Along the lower edge: ticks with numbers, and what they measure. */
export function axisBelow({ x, y, width, height }: Plot, { from, to, label }: Axis, paint: Paint): string {
  const bottom = y + height;
  const ticks = ticksOf(from, to, 5).map(({ value, text }) => {
    const at = to > from ? x + ((value - from) / (to - from)) * width : x;
    return `<path d="M${svgNumber(at)} ${svgNumber(bottom)}v4" stroke="${paint.label}"/>${svgText(at, bottom + 17, text, paint.label, { anchor: 'middle', size: 11 })}`;
  });
  const line = `<path d="M${svgNumber(x)} ${svgNumber(bottom)}h${svgNumber(width)}" stroke="${paint.label}"/>`;
  return `${line}${ticks.join('')}${svgText(x + width / 2, bottom + 35, label, paint.label, { anchor: 'middle', ...QUIET })}`;
}

/** The same along the left edge. */
export function axisBeside({ x, y, width, height }: Plot, { from, to, label }: Axis, paint: Paint): string {
  const ticks = ticksOf(from, to, 5).map(({ value, text }) => {
    const at = to > from ? y + height - ((value - from) / (to - from)) * height : y + height;
    return `<path d="M${svgNumber(x)} ${svgNumber(at)}h-4" stroke="${paint.label}"/>${svgText(x - 8, at + 4, text, paint.label, { anchor: 'end', size: 11 })}`;
  });
  const middle = y + height / 2;
  const words = svgText(12, middle, label, paint.label, { anchor: 'middle', ...QUIET });
  const frame = `<rect x="${svgNumber(x)}" y="${svgNumber(y)}" width="${svgNumber(width)}" height="${svgNumber(height)}" fill="none" stroke="${paint.border}"/>`;
  return `${frame}<path d="M${svgNumber(x)} ${svgNumber(y)}v${svgNumber(height)}" stroke="${paint.label}"/>${ticks.join('')}<g transform="rotate(-90 12 ${svgNumber(middle)})">${words}</g>`;
}
