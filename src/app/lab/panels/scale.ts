/** From values to places on a drawing, and back to round values for its axis. */

export type ScaleKind = 'linear' | 'log';

export interface Scale {
  readonly kind: ScaleKind;
  readonly from: number;
  readonly to: number;
  /** 0 at `from`, 1 at `to`; beyond them where the value is. NaN where it has no place, as what is not above 0 on a log scale. */
  place(value: number): number;
}

/** The smallest and the largest finite value; undefined where there is none. */
export function rangeOf(columns: readonly (readonly number[])[]): readonly [number, number] | undefined {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return least <= most ? [least, most] : undefined;
}

/**
 * A scale over a range, a little wider than it so that no line lies on the frame. A log scale needs a range above 0 and is linear without.
 */
export function scaleOver([least, most]: readonly [number, number], wished: ScaleKind): Scale {
  const kind = wished === 'log' && least > 0 ? 'log' : 'linear';
  const forward = kind === 'log' ? Math.log : (value: number) => value;
  const [low, high] = [forward(least), forward(most)];
  // A range of a single value has no width of its own, and differences below what float32 tells are none.
  const size = Math.max(Math.abs(low), Math.abs(high));
  const width = high - low > 1e-6 * size && size > 1e-12 ? high - low : size > 1e-12 ? size : 1;
  const middle = (low + high) / 2;
  const [start, end] = [middle - width * 0.54, middle + width * 0.54];
  const backward = kind === 'log' ? Math.exp : (value: number) => value;
  return {
    kind,
    from: backward(start),
    to: backward(end),
    place: (value) => (forward(value) - start) / (end - start),
  };
}

/** A scale over exactly a range, as steps and shares have. */
export function scaleExactly(from: number, to: number): Scale {
  const width = to > from ? to - from : 1;
  return { kind: 'linear', from, to, place: (value) => (value - from) / width };
}

/** Round values within a scale, about as many as asked for: 1, 2 or 5 times a power of ten apart; on a log scale powers of ten, or round values within one. */
export function ticksOf(scale: Scale, about: number): number[] {
  const { kind, from, to } = scale;
  if (kind === 'log') {
    const decades = Math.log10(to / from);
    if (decades >= 1.5) {
      const every = Math.max(1, Math.round(decades / about));
      const ticks: number[] = [];
      for (let power = Math.ceil(Math.log10(from)); 10 ** power <= to; power += every)
        ticks.push(10 ** power);
      if (ticks.length > 1) return ticks;
    }
    const within = [...decadeSteps(from, to)];
    if (within.length > 1 && within.length <= 2 * about) return within;
  }
  const step = roundStep((to - from) / about);
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to; at++) {
    // Multiples of a tenth carry the digits that binary fractions leave.
    ticks.push(Number((at * step).toPrecision(12)) + 0);
  }
  return ticks;
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const times = least / power;
  return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

/** 1, 2 and 5 of every power of ten between two values. */
function* decadeSteps(from: number, to: number): Generator<number> {
  for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power++) {
    for (const times of [1, 2, 5]) {
      const value = Number((times * 10 ** power).toPrecision(12));
      if (value >= from && value <= to) yield value;
    }
  }
}
