/** Lines on the maps from an item to its true neighbors that the map tore away, and to the false ones it brought near. */
import type { Id } from '../../data/item.ts';
import { rowsIn } from '../map-marks.ts';
import { type ShownPane, shownMap } from '../shown-map.ts';
import { readApp, useApp } from '../store.ts';

export interface Strays {
  readonly torn: readonly Id[];
  readonly brought: readonly Id[];
}

/** The strays of an item on one map; undefined where they are not known. */
export type StraysOn = (pane: number | undefined, id: Id) => Strays | undefined;

// Frames without a change after which nothing is looked at any more: half a second, longer than the pauses in a flight.
const REST_FRAMES = 30;
const SVG = 'http://www.w3.org/2000/svg';

/** Draws the lines of the item that is hovered, or else selected alone, until it is ended. They follow camera and items. */
export function drawStrays(straysOn: StraysOn): () => void {
  const controller = new AbortController();
  const overlays = new Map<Element, SVGSVGElement>();
  let unchanged = 0;
  let frame: number | undefined;

  const look = () => {
    frame = undefined;
    const id = lookedAt();
    const views = id === undefined ? [] : (shownMap()?.panes() ?? []);
    let changed = false;
    const seen = new Set<Element>();
    for (const view of views) {
      const path = id === undefined ? undefined : pathsOf(view, id, straysOn(view.pane, id));
      if (!path) continue;
      seen.add(view.map.element);
      if (show(overlayOn(view.map.element), path)) changed = true;
    }
    for (const [element, overlay] of overlays) {
      if (seen.has(element)) continue;
      overlay.remove();
      overlays.delete(element);
    }
    unchanged = changed ? 0 : unchanged + 1;
    if (seen.size > 0 && unchanged < REST_FRAMES) frame = requestAnimationFrame(look);
  };
  const wake = () => {
    unchanged = 0;
    frame ??= requestAnimationFrame(look);
  };
  const overlayOn = (element: HTMLElement): SVGSVGElement => {
    const known = overlays.get(element);
    if (known) return known;
    const made = document.createElementNS(SVG, 'svg');
    made.setAttribute('class', 'stray-lines');
    made.setAttribute('aria-hidden', 'true');
    for (const kind of ['torn', 'brought']) {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('data-kind', kind);
      made.append(path);
    }
    element.append(made);
    overlays.set(element, made);
    return made;
  };

  const options = { signal: controller.signal, capture: true, passive: true };
  // Whatever may move a camera.
  for (const name of ['pointermove', 'wheel', 'keydown', 'click', 'resize'] as const) {
    window.addEventListener(name, wake, options);
  }
  const unsubscribe = useApp.subscribe(wake);
  wake();
  return () => {
    controller.abort();
    unsubscribe();
    if (frame !== undefined) cancelAnimationFrame(frame);
    for (const overlay of overlays.values()) overlay.remove();
  };
}

function lookedAt(): Id | undefined {
  const { hovered, selection } = readApp();
  return hovered ?? (selection.length === 1 ? selection[0] : undefined);
}

type Paths = Readonly<Record<keyof Strays, string>>;

function pathsOf({ map, ids }: ShownPane, id: Id, strays: Strays | undefined): Paths | undefined {
  const row = rowsIn(ids, [id])[0];
  const from = row === undefined ? null : map.screenPosition(row);
  if (!strays || !from) return undefined;
  const lines = (to: readonly Id[]) =>
    rowsIn(ids, to)
      .map((other) => map.screenPosition(other))
      .filter((point) => point !== null)
      .map(({ x, y }) => `M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${x.toFixed(1)} ${y.toFixed(1)}`)
      .join('');
  return { torn: lines(strays.torn), brought: lines(strays.brought) };
}

/** @returns whether anything is somewhere else than it was */
function show(overlay: SVGSVGElement, paths: Paths): boolean {
  let changed = false;
  for (const path of overlay.children) {
    const d = path.getAttribute('data-kind') === 'torn' ? paths.torn : paths.brought;
    if (path.getAttribute('d') === d) continue;
    path.setAttribute('d', d);
    changed = true;
  }
  return changed;
}
