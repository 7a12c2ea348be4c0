/** Lines on the lab's map between the embeddings of one scene. */
import type { MapPane } from '../../map/types.ts';

// Frames without a change after which nothing is looked at any more: half a second, longer than a glide pauses.
const REST_FRAMES = 30;
const SVG = 'http://www.w3.org/2000/svg';

export interface LinesShown {
  /** Of each modality; row i of one and row i of the other are of one scene. */
  readonly count: number;
  readonly modalities: number;
  /** The scene that stands out. */
  readonly scene: number | undefined;
}

export interface MapLines {
  /** Draws these; undefined: none. */
  show(lines: LinesShown | undefined): void;
  dispose(): void;
}

/** Lines from the first modality's row of a scene to those of the others. They follow camera and glide. */
export function drawLines(map: MapPane): MapLines {
  const controller = new AbortController();
  const overlay = document.createElementNS(SVG, 'svg');
  overlay.setAttribute('class', 'lab-lines');
  overlay.setAttribute('aria-hidden', 'true');
  const all = document.createElementNS(SVG, 'path');
  const one = document.createElementNS(SVG, 'path');
  one.setAttribute('data-scene', '');
  overlay.append(all, one);
  map.element.append(overlay);
  let shown: LinesShown | undefined;
  let unchanged = 0;
  let frame: number | undefined;

  const look = (): void => {
    frame = undefined;
    const scenes = shown ? Array.from({ length: shown.count }, (_, scene) => scene) : [];
    const changed = [
      set(all, pathOf(map, shown, scenes)),
      set(one, pathOf(map, shown, shown?.scene === undefined ? [] : [shown.scene])),
    ].includes(true);
    unchanged = changed ? 0 : unchanged + 1;
    if (shown && unchanged < REST_FRAMES) frame = requestAnimationFrame(look);
  };
  const wake = (): void => {
    unchanged = 0;
    frame ??= requestAnimationFrame(look);
  };
  const options = { signal: controller.signal, capture: true, passive: true };
  // Whatever may move a camera.
  for (const name of ['pointermove', 'wheel', 'keydown', 'click', 'resize'] as const) {
    window.addEventListener(name, wake, options);
  }
  return {
    show(lines) {
      shown = lines;
      wake();
    },
    dispose() {
      controller.abort();
      if (frame !== undefined) cancelAnimationFrame(frame);
      overlay.remove();
    },
  };
}

function pathOf(map: MapPane, shown: LinesShown | undefined, scenes: readonly number[]): string {
  if (!shown || shown.modalities < 2) return '';
  const parts: string[] = [];
  for (const scene of scenes) {
    const from = map.screenPosition(scene);
    if (!from) continue;
    for (let modality = 1; modality < shown.modalities; modality++) {
      const to = map.screenPosition(modality * shown.count + scene);
      if (to) parts.push(`M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`);
    }
  }
  return parts.join('');
}

/** @returns whether it is another one than before */
function set(path: SVGPathElement, d: string): boolean {
  if (path.getAttribute('d') === d) return false;
  path.setAttribute('d', d);
  return true;
}
