import type { ControlActions } from './controls.ts';
import type { Pane } from './pane.ts';

/** How much nearer a double click comes. */
const FLY_IN = 2.5;

/** What the hands do to a pane. */
export function actionsOf(pane: Pane): ControlActions {
  const { points, options, camera } = pane;
  return {
    get dimensions() {
      return points.dimensions;
    },
    moved: () => pane.lookout.handMoved(),
    hover: (place) => pane.hover(place && pane.itemAt(place.x, place.y), place ?? { x: 0, y: 0 }),
    pick: (place, additive) => options.onPick?.(pane.itemAt(place.x, place.y), { additive }),
    select: (polygon, additive) => options.onSelect?.(pane.sight.within(polygon), additive),
    outline: (polygon) => pane.outline(polygon),
    flyIn: (place) => {
      camera.zoom(FLY_IN, place.x, place.y);
      pane.lookout.handMoved();
    },
    fitAll: () => pane.flyTo('all'),
    stepItem: (direction) => stepItem(pane, direction),
    pickHovered: (additive) => points.hovered !== null && options.onPick?.(points.hovered, { additive }),
    clear: () => {
      pane.hover(null, { x: 0, y: 0 });
      options.onPick?.(null, { additive: false });
    },
  };
}

/** Hovers the next item that has a place, and brings it into view. */
function stepItem(pane: Pane, direction: 1 | -1): void {
  const { points, camera } = pane;
  if (points.shown === 0) return;
  let index = points.hovered ?? (direction === 1 ? -1 : points.count);
  do index = (index + direction + points.count) % points.count;
  while (!points.has(index));
  const place = pane.screenPosition(index);
  const inView = place && place.x > 0 && place.y > 0 && place.x < camera.width && place.y < camera.height;
  if (!inView) {
    const at = index * 3;
    camera.flyTo(points.to[at] ?? 0, points.to[at + 1] ?? 0, points.to[at + 2] ?? 0);
    pane.lookout.handMoved();
  }
  pane.hover(index, inView ? place : { x: camera.width / 2, y: camera.height / 2 });
}
