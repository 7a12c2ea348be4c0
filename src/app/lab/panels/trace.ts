/** Columns of numbers as lines to draw. */
import type { Scale } from './scale.ts';

/**
 * Exponential smoothing as in TensorBoard: each value is a mean of what came before, the nearer the heavier, with the start's bias taken out
 * (Kingma and Ba 2015, section 3). Gaps stay gaps and do not count.
 *
 * @param weight of what came before, in 0..1; 0 leaves the values as they are
 */
export function smooth(values: readonly number[], weight: number): readonly number[] {
  if (weight === 0) return values;
  const smoothed = new Array<number>(values.length);
  let mean = 0;
  let total = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (Number.isFinite(value)) {
      mean = weight * mean + (1 - weight) * value;
      total = weight * total + (1 - weight);
      smoothed[at] = mean / total;
    } else smoothed[at] = Number.NaN;
  }
  return smoothed;
}

/**
 * SVG path data of a line, broken where it has gaps. Where more points than columns of the drawing are given, a column keeps its
 * smallest and its largest value, so that no spike is lost, and its gap.
 *
 * @param steps ascending
 * @param across of steps, from 0 to `width`
 * @param up of values, from `height` at its start to 0
 */
export function linePath(
  steps: readonly number[],
  values: readonly number[],
  { across, up, width, height }: Frame,
): string {
  let path = '';
  let isDown = false;
  const draw = (at: number): void => {
    const x = Math.round(across.place(steps[at] ?? Number.NaN) * width * 10) / 10;
    const y = Math.round((1 - up.place(values[at] ?? Number.NaN)) * height * 10) / 10;
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      isDown = false;
      return;
    }
    path += `${isDown ? 'L' : 'M'}${x} ${y}`;
    isDown = true;
  };
  for (const at of decimate(steps, values, across, width)) draw(at);
  return path;
}

interface Frame {
  readonly across: Scale;
  readonly up: Scale;
  readonly width: number;
  readonly height: number;
}

/** Which points are drawn, ascending: at most three a column, and both ends. */
export function decimate(
  steps: readonly number[],
  values: readonly number[],
  across: Scale,
  columns: number,
): number[] {
  const { length } = values;
  if (length <= 2 * columns) return values.map((_, at) => at);
  const kept = [0];
  let start = 1;
  for (let column = 1; column <= columns && start < length - 1; column++) {
    const edge = across.from + (column / columns) * (across.to - across.from);
    const end = column === columns ? length - 1 : Math.min(length - 1, indexAt(steps, edge) + 1);
    if (end > start) keepOf(values, start, end, kept);
    start = Math.max(start, end);
  }
  kept.push(length - 1);
  return kept;
}

/** The places of the smallest, the largest and the last missing number of a column, in their order. */
function keepOf(values: readonly number[], start: number, end: number, kept: number[]): void {
  let least = -1;
  let most = -1;
  let gap = -1;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = start; at < end; at++) {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      gap = at;
      continue;
    }
    if (value < low) [low, least] = [value, at];
    if (value > high) [high, most] = [value, at];
  }
  const places = [least, most, gap].filter((at) => at >= 0).sort((a, b) => a - b);
  for (const at of places) if (at !== kept.at(-1)) kept.push(at);
}

/** Where a step is, or the last one before it; −1 before the first. */
export function indexAt(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? Number.POSITIVE_INFINITY) <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
