/** MPNet's attention by distance (Song et al. 2020, after Raffel et al. 2020). */

/** Rows of the table: one for each bucket of distances. */
export const BUCKETS = 32;

const PER_DIRECTION = BUCKETS / 2;
/** Distances below this have a bucket each; those above share, by their logarithm, up to the farthest that is told apart. */
const EXACT = PER_DIRECTION / 2;
const FARTHEST = 128;

/** The bucket of what stands `offset` tokens behind (before, if negative). */
export function bucketOf(offset: number): number {
  const direction = offset > 0 ? PER_DIRECTION : 0;
  const distance = Math.abs(offset);
  if (distance < EXACT) return direction + distance;
  // In 32 bits, as PyTorch does it: which side of a border a distance falls on hangs on the rounding.
  const ratio = Math.fround(
    Math.fround(Math.log(distance / EXACT)) / Math.fround(Math.log(FARTHEST / EXACT)),
  );
  const bucket = EXACT + Math.trunc(Math.fround(ratio * (PER_DIRECTION - EXACT)));
  return direction + Math.min(bucket, PER_DIRECTION - 1);
}

/**
 * What is added to the attention scores of one text.
 *
 * @param table buckets × heads
 * @returns heads × length × length
 */
export function relativeBias(table: Float32Array, heads: number, length: number): Float32Array {
  const bias = new Float32Array(heads * length * length);
  let to = 0;
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < length; query++) {
      for (let key = 0; key < length; key++) bias[to++] = table[bucketOf(key - query) * heads + head] ?? 0;
    }
  }
  return bias;
}
