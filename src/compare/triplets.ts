export interface TripletAccuracy {
  /** Share of the triplets whose order is the same on the map; a tie on the map counts a half. */
  readonly accuracy: number;
  /** Of the accuracy, taking triplets as drawn one by one. */
  readonly standardError: number;
  /** Triplets that were looked at: those that are tied in the space have no order and are left out. */
  readonly triplets: number;
}

/** What a random map is expected to have. */
export const CHANCE_TRIPLETS = 0.5;

/**
 * Random triplet accuracy (Wang, Huang, Rudin and Shaposhnik 2021): whether, of two random items, the one that is nearer
 * to a third in the space is nearer on the map, too.
 *
 * @param space distances of pairs that share their first item, two by two: those of a triplet at 2t and 2t + 1
 * @param map distances of the same pairs
 */
export function tripletAccuracy(space: Float32Array, map: Float32Array): TripletAccuracy {
  let triplets = 0;
  let right = 0;
  let squares = 0;
  for (let at = 0; at + 1 < space.length; at += 2) {
    const inSpace = Math.sign((space[at] ?? 0) - (space[at + 1] ?? 0));
    if (inSpace === 0) continue;
    const onMap = Math.sign((map[at] ?? 0) - (map[at + 1] ?? 0));
    const score = (1 + inSpace * onMap) / 2;
    triplets++;
    right += score;
    squares += score * score;
  }
  const accuracy = right / triplets;
  const variance = squares / triplets - accuracy * accuracy;
  return { accuracy, standardError: Math.sqrt(Math.max(0, variance) / triplets), triplets };
}
