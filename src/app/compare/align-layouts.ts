import { align } from '../../projection/align.ts';
import type { PaneLayout } from './setting.ts';

/** Positions of the layout's items on another map, in the layout's dimensions (a plane lies in the middle of space); NaN where it has none. */
export function placesOn(
  { ids, dimensions }: Pick<PaneLayout, 'ids' | 'dimensions'>,
  other: Pick<PaneLayout, 'ids' | 'positions' | 'dimensions'>,
): Float32Array<ArrayBuffer> {
  // Panes of the same items share one list of them.
  const rows = ids === other.ids ? undefined : new Map(other.ids.map((id, row) => [id, row]));
  const places = new Float32Array(ids.length * dimensions).fill(Number.NaN);
  ids.forEach((id, row) => {
    const from = rows ? rows.get(id) : row;
    if (from === undefined) return;
    for (let axis = 0; axis < dimensions; axis++) {
      const value = axis < other.dimensions ? other.positions[from * other.dimensions + axis] : 0;
      places[row * dimensions + axis] = value ?? Number.NaN;
    }
  });
  return places;
}

/** The layout turned, mirrored and moved so that its items lie as near as they can to where they are on the other map. */
export function alignTo(
  layout: PaneLayout,
  other: Pick<PaneLayout, 'ids' | 'positions' | 'dimensions'> | undefined,
): PaneLayout {
  if (!other) return layout;
  const { positions, dimensions } = layout;
  return { ...layout, positions: align(positions, placesOn(layout, other), dimensions) };
}

/**
 * All panes' layouts turned toward the first that there is, and that one toward the frame. What was aligned before, to the
 * same target, is given again as it was.
 */
export function createAligner(): (
  layouts: readonly (PaneLayout | undefined)[],
  frame: Pick<PaneLayout, 'ids' | 'positions' | 'dimensions'> | undefined,
) => (PaneLayout | undefined)[] {
  const known = new WeakMap<
    PaneLayout,
    { readonly target: object | undefined; readonly aligned: PaneLayout }
  >();
  const once = (layout: PaneLayout, target: Parameters<typeof alignTo>[1]): PaneLayout => {
    const before = known.get(layout);
    if (before && before.target === target) return before.aligned;
    const aligned = alignTo(layout, target);
    known.set(layout, { target, aligned });
    return aligned;
  };
  return (layouts, frame) => {
    const leader = layouts.find((layout) => layout !== undefined);
    const led = leader && once(leader, frame);
    return layouts.map((layout) =>
      layout === undefined || layout === leader ? layout && led : once(layout, led),
    );
  };
}
