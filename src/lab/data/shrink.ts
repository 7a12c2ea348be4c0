/** Pixels that one pixel of a shorter side is the mean of. */
interface Cover {
  readonly from: number;
  /** Shares of the pixels from there on, which sum to 1. */
  readonly shares: readonly number[];
}

/**
 * Means over areas, so that nothing aliases; a larger side repeats pixels.
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
  const lines = new Float32Array(from * to * 3);
  for (let y = 0; y < from; y++) {
    covers.forEach(({ from: first, shares }, x) => {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (const [at, share] of shares.entries()) {
          sum += share * (pixels[(y * from + first + at) * 3 + channel] ?? 0);
        }
        lines[(y * to + x) * 3 + channel] = sum;
      }
    });
  }
  const width = to * 3;
  covers.forEach(({ from: first, shares }, y) => {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [at, share] of shares.entries()) sum += share * (lines[(first + at) * width + x] ?? 0);
      into[y * width + x] = sum;
    }
  });
  return into;
}

let known: { readonly key: string; readonly covers: readonly Cover[] } | undefined;

function coversOf(from: number, to: number): readonly Cover[] {
  const key = `${from} ${to}`;
  if (known?.key !== key)
    known = { key, covers: Array.from({ length: to }, (_, at) => coverOf(at, from, to)) };
  return known.covers;
}

function coverOf(at: number, from: number, to: number): Cover {
  const begin = (at * from) / to;
  const end = ((at + 1) * from) / to;
  const first = Math.floor(begin);
  const last = Math.min(from, Math.ceil(end));
  const shares = Array.from(
    { length: last - first },
    (_, place) => (Math.min(end, first + place + 1) - Math.max(begin, first + place)) / (end - begin),
  );
  return { from: first, shares };
}
