import type { Id } from '../../data/item.ts';

/** In how many of the lists an item is: all of them, several, or only this one. */
export type Sharing = 'all' | 'some' | 'one';

/** An item that two lists beside each other have, and its place in each. */
export interface Link {
  readonly id: Id;
  readonly left: number;
  readonly right: number;
}

/** How lists of nearest items agree: undefined lists are of panes that do not have the item, and count for nothing. */
export function compareLists(lists: readonly (readonly Id[] | undefined)[]): {
  sharingOf(id: Id): Sharing;
  /** Between each list and the next, lists − 1 of them. */
  readonly links: readonly (readonly Link[])[];
} {
  const present = lists.filter((list) => list !== undefined);
  const counts = new Map<Id, number>();
  for (const list of present) for (const id of list) counts.set(id, (counts.get(id) ?? 0) + 1);
  const links = lists.slice(1).map((right, at) => {
    const left = lists[at] ?? [];
    const places = new Map((right ?? []).map((id, place) => [id, place]));
    return left.flatMap((id, place) => {
      const other = places.get(id);
      return other === undefined ? [] : [{ id, left: place, right: other }];
    });
  });
  return {
    sharingOf: (id) => {
      const count = counts.get(id) ?? 0;
      if (count <= 1) return 'one';
      return count === present.length ? 'all' : 'some';
    },
    links,
  };
}
