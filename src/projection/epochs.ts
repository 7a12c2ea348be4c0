const JOIN_EPOCHS = 100;

/**
 * Rounds of optimization unless told: umap-js's own ladder, falling to 100 as `kept` goes to 1.
 *
 * @param kept 0..1: how much of the map is to stay as it is, see `runUmap`
 */
export function defaultEpochs(n: number, kept = 0): number {
  const full = n <= 2500 ? 500 : n <= 5000 ? 400 : n <= 7500 ? 300 : 200;
  return Math.round(full + kept * (JOIN_EPOCHS - full));
}
