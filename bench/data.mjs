// The data of every bench, the same every time: in the browser, on Dawn, and written to files for Python.

/** @typedef {{ vectors: Float32Array<ArrayBuffer>, dimension: number }} Vectors */

/**
 * Numbers in [0, 1) by a linear congruential generator (Numerical Recipes).
 *
 * @param {number} seed
 * @returns {() => number}
 */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Independent numbers in [−0.5, 0.5).
 *
 * @param {number} rows
 * @param {number} dimension
 * @param {number} [seed]
 * @returns {Vectors}
 */
export function randomSet(rows, dimension, seed = 1) {
  const next = uniform(seed);
  const vectors = new Float32Array(rows * dimension);
  for (let at = 0; at < vectors.length; at++) vectors[at] = next() - 0.5;
  return { vectors, dimension };
}

/**
 * Random rows of length 1: cosine is then the dot product, for the peers too.
 *
 * @param {number} rows
 * @param {number} dimension
 * @param {number} [seed]
 * @returns {Vectors}
 */
export function unitSet(rows, dimension, seed = 1) {
  const set = randomSet(rows, dimension, seed);
  for (let i = 0; i < rows; i++) {
    const row = set.vectors.subarray(i * dimension, (i + 1) * dimension);
    const length = Math.hypot(...row);
    for (let j = 0; j < dimension; j++) row[j] = (row[j] ?? 0) / length;
  }
  return set;
}

const GROUPS = 10;

/**
 * Ten round groups that overlap a little, as embeddings do: of no matter to an exact search, and kinder than noise to one
 * that guesses.
 *
 * @param {number} rows
 * @param {number} dimension
 * @param {number} [seed]
 * @returns {Vectors}
 */
export function groupedSet(rows, dimension, seed = 1) {
  const centers = randomSet(GROUPS, dimension, seed + 1).vectors;
  const next = uniform(seed);
  const vectors = new Float32Array(rows * dimension);
  for (let i = 0, at = 0; i < rows; i++) {
    const center = (i % GROUPS) * dimension;
    // Three uniform numbers are near enough to a bell.
    for (let j = 0; j < dimension; j++) {
      vectors[at++] = (centers[center + j] ?? 0) + next() + next() + next() - 1.5;
    }
  }
  return { vectors, dimension };
}
