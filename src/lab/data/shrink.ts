/** For each pixel of a shorter line, those of the longer one that it is the mean of. */
interface Covers {
  /** The first of them. */
  readonly from: Int32Array;
  /** As many for each, which sum to 1. */
  readonly shares: Float32Array;
  readonly width: number;
}

/**
 * Means over areas, so that nothing aliases; a longer side repeats pixels.
 *
 * @param pixels from × from × 3
 * @param into to × to × 3
 * @returns `into`
 */
export function shrinkPicture(
  pixels: Uint8Array,
  from: number,
  to: number,
  into: Float32Array,
): Float32Array {
  const covers = coversOf(from, to);
  // Lines first, then columns: each is a line of the other's steps.
  const lines = new Float32Array(from * to * 3);
  for (let y = 0; y < from; y++) {
    for (let channel = 0; channel < 3; channel++) {
      shrinkLine(pixels, y * from * 3 + channel, 3, lines, y * to * 3 + channel, 3, covers);
    }
  }
  for (let x = 0; x < to * 3; x++) shrinkLine(lines, x, to * 3, into, x, to * 3, covers);
  return into;
}

function shrinkLine(
  line: Uint8Array | Float32Array,
  start: number,
  step: number,
  into: Float32Array,
  intoStart: number,
  intoStep: number,
  { from, shares, width }: Covers,
): void {
  for (let at = 0; at < from.length; at++) {
    const first = start + (from[at] ?? 0) * step;
    let sum = 0;
    for (let tap = 0; tap < width; tap++) {
      sum += (shares[at * width + tap] ?? 0) * (line[first + tap * step] ?? 0);
    }
    into[intoStart + at * intoStep] = sum;
  }
}

let known: { readonly key: string; readonly covers: Covers } | undefined;

function coversOf(from: number, to: number): Covers {
  const key = `${from} ${to}`;
  if (known?.key !== key) known = { key, covers: makeCovers(from, to) };
  return known.covers;
}

function makeCovers(length: number, to: number): Covers {
  const width = Math.min(length, Math.ceil(length / to) + 1);
  const from = new Int32Array(to);
  const shares = new Float32Array(to * width);
  for (let at = 0; at < to; at++) {
    const begin = (at * length) / to;
    const end = ((at + 1) * length) / to;
    // So that the last one's are all within the line.
    const first = Math.min(Math.floor(begin), length - width);
    from[at] = first;
    for (let tap = 0; tap < width; tap++) {
      const covered = Math.min(end, first + tap + 1) - Math.max(begin, first + tap);
      shares[at * width + tap] = Math.max(0, covered) / (end - begin);
    }
  }
  return { from, shares, width };
}
