import type { Camera } from './camera.ts';
import { cornerOf, type LabelCandidate, placeLabels, type Side } from './labels.ts';
import type { Detail } from './level-of-detail.ts';
import type { Points } from './points.ts';
import { cssColor, type Palette } from './theme.ts';

const FONT_SIZE = 12;
const FONT = `500 ${FONT_SIZE}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
const HEIGHT = 16;
const MAX_WIDTH = 180;
const PADDING = 4;
const LIMIT = 60;
/** A small map shows fewer: one label for so many square pixels. */
const AREA_EACH = 13_000;
/** Among more candidates than this, choosing would cost more than anybody could read. */
const MAX_CANDIDATES = 600;
/** Which labels are shown is decided so often at most; where they are, in every frame. */
const DECIDE_EVERY_MS = 140;

/** A label as it is drawn; CSS pixels from the map's top left. */
export interface LabelBox {
  /** Shortened to what is shown. */
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0..1 */
  readonly opacity: number;
}

/** A label's place and worth, before anybody measured how wide it is. */
type Spot = Omit<LabelCandidate, 'width' | 'height'>;

interface Shown {
  readonly side: Side;
  readonly element: HTMLSpanElement;
}

/** Texts beside their points, as HTML above the canvas, so that they are sharp and cost the GPU nothing. */
export class LabelLayer {
  readonly element = document.createElement('div');
  private readonly shown = new Map<number, Shown>();
  private readonly spare: HTMLSpanElement[] = [];
  private palette: Palette | null = null;
  private decidedAt = Number.NEGATIVE_INFINITY;

  constructor() {
    this.element.style.cssText = 'position:absolute;inset:0;overflow:hidden;pointer-events:none';
    this.element.setAttribute('aria-hidden', 'true');
  }

  get count(): number {
    return this.shown.size;
  }

  /** Items changed: indices mean something else now. */
  reset(): void {
    for (const { element } of this.shown.values()) this.hide(element);
    this.shown.clear();
    this.decidedAt = Number.NEGATIVE_INFINITY;
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    this.element.style.color = cssColor(palette.label);
    // Nearly paper: what lies under a label shows through, and does not make it hard to read.
    this.element.style.setProperty('--label-ground', `rgb(${palette.background.join(' ')} / 82%)`);
  }

  /**
   * Moves the labels to their points and, when it is time, chooses anew.
   *
   * @param projected count × 3: x, y, depth
   * @returns milliseconds after which it is time, when choosing was put off; else null
   */
  update(
    points: Points,
    projected: Float32Array,
    camera: Camera,
    detail: Detail,
    now: number,
  ): number | null {
    const wait = this.decidedAt + DECIDE_EVERY_MS - now;
    if (wait <= 0) {
      this.decidedAt = now;
      this.decide(points, projected, camera, detail);
    }
    for (const [index, { side, element }] of this.shown) {
      const spot = spotOf(index, points, projected, camera, detail);
      if (!spot) {
        element.style.opacity = '0';
        continue;
      }
      const { left, top } = cornerOf(sized(spot, element.textContent), side);
      element.style.transform = `translate(${onPixel(left)}px,${onPixel(top)}px)`;
      element.style.opacity = (0.35 + 0.65 * points.weight(index)).toFixed(2);
    }
    return wait <= 0 ? null : wait;
  }

  /** Those that are shown. */
  boxes(): LabelBox[] {
    const base = this.element.getBoundingClientRect();
    return [...this.shown.values()].map(({ element }) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return {
        text: shorten(element.textContent),
        x: left - base.left,
        y: top - base.top,
        width,
        height,
        opacity: Number(element.style.opacity),
      };
    });
  }

  /** Writes the labels into a picture of the map. */
  paint(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D): void {
    if (!this.palette) return;
    context.font = FONT;
    context.textBaseline = 'middle';
    for (const { text, x, y, width, height, opacity } of this.boxes()) {
      context.globalAlpha = opacity * 0.82;
      context.fillStyle = cssColor(this.palette.background);
      context.beginPath();
      context.roundRect(x, y, width, height, 4);
      context.fill();
      context.globalAlpha = opacity;
      context.fillStyle = cssColor(this.palette.label);
      context.fillText(text, x + PADDING, y + height / 2);
    }
    context.globalAlpha = 1;
  }

  private decide(points: Points, projected: Float32Array, camera: Camera, detail: Detail): void {
    const spots: Spot[] = [];
    points.texts.forEach((text, index) => {
      if (!text) return;
      const spot = spotOf(index, points, projected, camera, detail);
      if (spot) spots.push(spot);
    });
    if (spots.length > MAX_CANDIDATES) {
      spots.sort((a, b) => b.priority - a.priority);
      spots.length = MAX_CANDIDATES;
    }
    // Measuring all texts would take a third of a second for 10,000 of them.
    const candidates = spots.map((spot) => sized(spot, points.texts[spot.index] ?? ''));
    const before = new Map([...this.shown].map(([index, { side }]) => [index, side]));
    const limit = Math.min(LIMIT, Math.max(8, (camera.width * camera.height) / AREA_EACH));
    const placed = new Map(
      placeLabels(candidates, before, limit, camera).map((label) => [label.index, label]),
    );
    for (const [index, { element }] of this.shown) {
      if (placed.has(index) && element.textContent === points.texts[index]) continue;
      this.shown.delete(index);
      this.hide(element);
    }
    for (const [index, { side }] of placed) {
      const element = this.shown.get(index)?.element ?? this.show(points.texts[index] ?? '');
      this.shown.set(index, { side, element });
      const strong = points.selection.has(index) || points.hovered === index;
      element.style.fontWeight = strong ? '700' : '500';
      element.style.zIndex = strong ? '1' : '0';
    }
  }

  private show(text: string): HTMLSpanElement {
    const element = this.spare.pop() ?? createLabel();
    element.textContent = text;
    this.element.append(element);
    return element;
  }

  private hide(element: HTMLSpanElement): void {
    element.remove();
    if (this.spare.length < LIMIT) this.spare.push(element);
  }
}

/** Of all maps together, for panes of a comparison show the same texts. */
const widths = new Map<string, number>();
let ruler: OffscreenCanvasRenderingContext2D | null | undefined;

function widthOf(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  if (widths.size > 20_000) widths.clear();
  if (ruler === undefined) {
    ruler = new OffscreenCanvas(1, 1).getContext('2d');
    if (ruler) ruler.font = FONT;
  }
  // Measured in a normal weight; a bold one is a little wider.
  const measured = ruler ? ruler.measureText(text).width * 1.04 + 2 * PADDING : text.length * 7;
  const width = Math.min(MAX_WIDTH, measured);
  widths.set(text, width);
  return width;
}

const sized = (spot: Spot, text: string): LabelCandidate => ({
  ...spot,
  width: widthOf(text),
  height: HEIGHT,
});

function spotOf(
  index: number,
  points: Points,
  projected: Float32Array,
  camera: Camera,
  detail: Detail,
): Spot | null {
  const at = index * 3;
  const x = projected[at] ?? 0;
  const y = projected[at + 1] ?? 0;
  const depth = projected[at + 2] ?? 0;
  if (!points.has(index) || depth <= 0 || x < 0 || y < 0 || x > camera.width || y > camera.height)
    return null;
  const hovered = points.hovered === index;
  const weight = points.highlights ? points.weight(index) : 0;
  // A dimmed item's label would only be in the way.
  if (points.highlights && weight < 0.05 && !hovered && !points.selection.has(index)) return null;
  const nearness = camera.distance / (camera.distance + depth);
  const priority = (points.selection.has(index) ? 8 : 0) + (hovered ? 16 : 0) + weight * 4 + nearness * 2;
  const clearance = Math.min(14, Math.max(1.25, (detail.dotRadius * camera.distance) / depth)) + 5;
  return { index, x, y, clearance, priority };
}

/** Between two pixels of the screen letters would be blurred. */
function onPixel(place: number): number {
  const density = globalThis.devicePixelRatio || 1;
  return Math.round(place * density) / density;
}

function createLabel(): HTMLSpanElement {
  const element = document.createElement('span');
  element.style.cssText =
    `position:absolute;left:0;top:0;box-sizing:border-box;max-width:${MAX_WIDTH}px;padding:0 ${PADDING}px;border-radius:4px;background:var(--label-ground);height:${HEIGHT}px;font:${FONT};line-height:${HEIGHT}px;` +
    'white-space:nowrap;overflow:hidden;text-overflow:ellipsis;will-change:transform';
  return element;
}

function shorten(text: string): string {
  if (widthOf(text) < MAX_WIDTH) return text;
  let length = text.length;
  while (length > 1 && widthOf(`${text.slice(0, length)}…`) >= MAX_WIDTH) length--;
  return `${text.slice(0, length)}…`;
}
