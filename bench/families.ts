import type { Tile } from '../src/metrics/tile.ts';

/** The likely fastest tile of each family, for where trying all would take too long. */
export function oneOfEachFamily(tiles: readonly Tile[]): Tile[] {
  const families = new Map<string, Tile>();
  for (const tile of tiles) if (!families.has(tile.family)) families.set(tile.family, tile);
  return [...families.values()];
}
