/**
 * What each of `side` places takes from each, for a blur along one axis: side × side, row-major, every row adding up to 1. Beyond the border there
 * is nothing to take. A deviation (in pixels) of 0 leaves everything in its place.
 */
export function gaussianWeights(side: number, deviation: number): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(side * side);
  for (let to = 0; to < side; to++) {
    const row = weights.subarray(to * side, (to + 1) * side);
    if (deviation === 0) {
      row[to] = 1;
      continue;
    }
    for (let from = 0; from < side; from++) row[from] = Math.exp(-0.5 * ((from - to) / deviation) ** 2);
    const total = row.reduce((sum, weight) => sum + weight, 0);
    for (let from = 0; from < side; from++) row[from] = (row[from] ?? 0) / total;
  }
  return weights;
}
