import type { Id } from '../data/item.ts';
import type { Ranked } from './store.ts';

/**
 * How strongly each item lights up: 1 for the best, 0 for what is no nearer than most.
 * @param ranked nearest first
 */
export function highlightsOf(ranked: readonly Ranked[]): Map<Id, number> {
  const best = ranked[0]?.similarity ?? 0;
  const middle = ranked[Math.floor(ranked.length / 2)]?.similarity ?? 0;
  const span = best - middle;
  if (span <= 0) return new Map(ranked.map(({ id }) => [id, 1]));
  return new Map(
    ranked.map(({ id, similarity }) => [id, Math.min(1, Math.max(0, (similarity - middle) / span)) ** 2]),
  );
}
