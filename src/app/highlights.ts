import type { Id, ItemKind } from '../data/item.ts';
import type { Ranked } from './store.ts';

/**
 * How strongly each item lights up: 1 for the best of its kind, 0 for what is no nearer than most of its kind. Words are
 * always nearer to words than pictures are, so that one scale for both would leave the pictures dark.
 *
 * @param ranked nearest first
 */
export function highlightsOf(
  ranked: readonly Ranked[],
  kindOf: (id: Id) => ItemKind | undefined,
): Map<Id, number> {
  const kinds = new Map<ItemKind | undefined, Ranked[]>();
  for (const row of ranked) {
    const kind = kindOf(row.id);
    const rows = kinds.get(kind);
    if (rows) rows.push(row);
    else kinds.set(kind, [row]);
  }
  const weights = new Map<Id, number>();
  for (const rows of kinds.values()) {
    const best = rows[0]?.similarity ?? 0;
    const middle = rows[Math.floor(rows.length / 2)]?.similarity ?? 0;
    const span = best - middle;
    for (const { id, similarity } of rows) {
      weights.set(id, span > 0 ? Math.min(1, Math.max(0, (similarity - middle) / span)) ** 2 : 1);
    }
  }
  return weights;
}
