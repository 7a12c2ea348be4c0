import type { MapView } from '../map/types.ts';

let current: MapView | undefined;

/** The map on the screen, once it is there. */
export const shownMap = (): MapView | undefined => current;

/** Says which map is on the screen; undefined when it goes. */
export function showMap(map: MapView | undefined): void {
  current = map;
}
