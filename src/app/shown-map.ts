import type { Id } from '../data/item.ts';
import type { MapPane } from '../map/types.ts';

/** A map on the screen, with the items that its rows are. */
export interface ShownPane {
  readonly map: MapPane;
  readonly ids: readonly Id[];
  /** Of a comparison: the id of its pane. */
  readonly pane?: number | undefined;
}

/** What the page asks of the map that is in front, be it one or several side by side. */
export interface ShownMap {
  /** Comes nearer to the middle (more than 1) or goes away from it (less). */
  zoomBy(factor: number): void;
  fitAll(): void;
  panes(): readonly ShownPane[];
  /** Brings an item into view where it is not. */
  reveal(id: Id): void;
}

const shown: ShownMap[] = [];

/** The map in front, once it is there. */
export const shownMap = (): ShownMap | undefined => shown.at(-1);

/** Puts a map in front of those that are there. @returns takes it away again */
export function showMap(map: ShownMap): () => void {
  shown.push(map);
  return () => {
    const at = shown.indexOf(map);
    if (at >= 0) shown.splice(at, 1);
  };
}
