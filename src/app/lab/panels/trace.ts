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
  let mean = 0;
  let total = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return Number.NaN;
    mean = weight * mean + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return mean / total;
  });
}

/**
 * SVG path data of a line, broken where it has gaps. Where more points than columns of the drawing are given, a column keeps its first, its
 * smallest, its largest and its last value, so that no spike is lost.
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

/** Which points are drawn, ascending. */
export function decimate(
  steps: readonly number[],
  values: readonly number[],
  across: Scale,
  columns: number,
): number[] {
  if (values.length <= 2 * columns) return values.map((_, at) => at);
  const kept: number[] = [];
  let start = 0;
  while (start < values.length) {
    const column = Math.floor(across.place(steps[start] ?? Number.NaN) * columns);
    let end = start;
    let least = start;
    let most = start;
    let gap = -1;
    while (end < values.length && Math.floor(across.place(steps[end] ?? Number.NaN) * columns) === column) {
      const value = values[end] ?? Number.NaN;
      if (!Number.isFinite(value)) gap = end;
      // Written so that a gap in first place gives way to the first number.
      else {
        if (!(value >= (values[least] ?? Number.NaN))) least = end;
        if (!(value <= (values[most] ?? Number.NaN))) most = end;
      }
      end++;
    }
    // Steps without a place would come back to themselves.
    if (end === start) end = start + 1;
    const chosen = new Set([start, least, most, end - 1]);
    if (gap >= 0) chosen.add(gap);
    kept.push(...[...chosen].sort((a, b) => a - b));
    start = end;
  }
  return kept;
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
