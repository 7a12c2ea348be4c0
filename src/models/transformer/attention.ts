import {
  add,
  concat,
  getBackend,
  matMul,
  slice,
  softmax,
  type Tensor3D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';

// The wasm backend has a fast product for one pair of matrices and a plain loop for batches. One by one is faster, by slices that copy
// only what they take, from 20 tokens at heads of 64 and from 32 at heads of 32; at 77 tokens it takes 0.2 to 0.3 of the time (Node 20).
const ALONE_FROM_PRODUCTS = 25_000;

/**
 * Attention, softmax(q·k + mask)·v, in blocks of heads, and of queries where one head's scores are too large.
 *
 * @param queries heads × length × width, scaled
 * @param keys heads × length × width
 * @param values heads × length × width
 * @param mask added to the scores, heads × length × length; 1 on an axis stands for all of it
 * @param limit bytes of scores that are in memory at once; a row of them is always taken
 * @returns heads × length × width
 */
export function attend(
  queries: Tensor3D,
  keys: Tensor3D,
  values: Tensor3D,
  mask: Tensor3D | undefined,
  limit: number,
): Tensor3D {
  return tidy(() => {
    const [heads, length, width] = queries.shape;
    const alone = getBackend() === 'wasm' && length ** 2 * width >= ALONE_FROM_PRODUCTS;
    const { headsAtOnce, queriesAtOnce } = blocksOf(alone ? 1 : heads, length, limit);
    const byHeads: Tensor3D[] = [];
    for (let head = 0; head < heads; head += headsAtOnce) {
      const some = (x: Tensor3D) => part(x, 0, head, headsAtOnce);
      const byQueries: Tensor3D[] = [];
      // The fast product of wasm takes matrices as they stand only, the plain loop likes this one turned.
      const k = alone ? transpose(some(keys), [0, 2, 1]) : some(keys);
      const [q, v] = [some(queries), some(values)];
      const own = mask && partOfMask(mask, 0, head, headsAtOnce);
      for (let query = 0; query < length; query += queriesAtOnce) {
        byQueries.push(
          tidy(() => {
            const scores = matMul<Tensor3D>(part(q, 1, query, queriesAtOnce), k, false, !alone);
            const masked = own ? add<Tensor3D>(scores, partOfMask(own, 1, query, queriesAtOnce)) : scores;
            return matMul<Tensor3D>(softmax(masked), v);
          }),
        );
      }
      byHeads.push(joined(byQueries, 1));
    }
    return joined(byHeads, 0);
  });
}

function blocksOf(
  heads: number,
  length: number,
  limit: number,
): { headsAtOnce: number; queriesAtOnce: number } {
  const rowBytes = length * Float32Array.BYTES_PER_ELEMENT;
  const queriesAtOnce = Math.min(length, Math.max(1, Math.floor(limit / rowBytes)));
  const fitting = queriesAtOnce < length ? 1 : Math.max(1, Math.floor(limit / (rowBytes * length)));
  return { headsAtOnce: Math.min(heads, fitting), queriesAtOnce };
}

/** Some of an axis, and no copy where that is all of it. */
function part(x: Tensor3D, axis: 0 | 1, begin: number, count: number): Tensor3D {
  const size = x.shape[axis];
  if (begin === 0 && count >= size) return x;
  const taken = Math.min(count, size - begin);
  return axis === 0 ? slice(x, [begin, 0, 0], [taken, -1, -1]) : slice(x, [0, begin, 0], [-1, taken, -1]);
}

function partOfMask(mask: Tensor3D, axis: 0 | 1, begin: number, count: number): Tensor3D {
  return mask.shape[axis] === 1 ? mask : part(mask, axis, begin, count);
}

function joined(parts: readonly Tensor3D[], axis: 0 | 1): Tensor3D {
  const [only] = parts;
  return only && parts.length === 1 ? only : concat([...parts], axis);
}
