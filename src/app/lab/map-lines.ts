/** What lies over the lab's map: lines between the embeddings of one scene, and where the modalities are. */
import type { MapPane } from '../../map/types.ts';

// Frames without a change after which nothing is looked at any more: half a second, longer than a glide pauses.
const REST_FRAMES = 30;
const SVG = 'http://www.w3.org/2000/svg';

export interface LinesShown {
  /** Of each modality; row i of one and row i of the other are of one scene. */
  readonly count: number;
  readonly modalities: readonly string[];
  /** Whether all true pairs have a line; otherwise only those of the scene. */
  readonly isAll: boolean;
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
  let names: SVGTextElement[] = [];
  let shown: LinesShown | undefined;
  let unchanged = 0;
  let frame: number | undefined;

  const look = (): void => {
    frame = undefined;
    const scenes = shown?.isAll ? Array.from({ length: shown.count }, (_, scene) => scene) : [];
    const changed = [
      set(all, pathOf(map, shown, scenes)),
      set(one, pathOf(map, shown, shown?.scene === undefined ? [] : [shown.scene])),
      ...names.map((name, at) => place(name, middleOf(map, shown, at))),
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
      const before = names.map(({ textContent }) => textContent).join();
      const modalities = lines && lines.modalities.length > 1 ? lines.modalities : [];
      shown = lines;
      if (modalities.join() !== before) {
        for (const name of names) name.remove();
        names = modalities.map((modality) => {
          const name = document.createElementNS(SVG, 'text');
          name.textContent = modality;
          overlay.append(name);
          return name;
        });
      }
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
  if (!shown || shown.modalities.length < 2) return '';
  const parts: string[] = [];
  for (const scene of scenes) {
    const from = map.screenPosition(scene);
    if (!from) continue;
    for (let modality = 1; modality < shown.modalities.length; modality++) {
      const to = map.screenPosition(modality * shown.count + scene);
      if (to) parts.push(`M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`);
    }
  }
  return parts.join('');
}

/** Above the middle of what a modality's scenes take up; undefined where none is seen. */
function middleOf(map: MapPane, shown: LinesShown | undefined, modality: number) {
  if (!shown) return undefined;
  let x = 0;
  let top = Number.POSITIVE_INFINITY;
  let seen = 0;
  for (let scene = 0; scene < shown.count; scene++) {
    const at = map.screenPosition(modality * shown.count + scene);
    if (!at) continue;
    x += at.x;
    top = Math.min(top, at.y);
    seen++;
  }
  return seen > 0 ? { x: x / seen, y: Math.max(top - 8, 14) } : undefined;
}

function place(name: SVGTextElement, at: { readonly x: number; readonly y: number } | undefined): boolean {
  const transform = at ? `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})` : 'translate(-999 -999)';
  if (name.getAttribute('transform') === transform) return false;
  name.setAttribute('transform', transform);
  return true;
}

/** @returns whether it is another one than before */
function set(path: SVGPathElement, d: string): boolean {
  if (path.getAttribute('d') === d) return false;
  path.setAttribute('d', d);
  return true;
}
