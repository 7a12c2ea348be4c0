import type { Bounds } from './camera.ts';
import { type Palette, palettes } from './theme.ts';
import type { MapItem } from './types.ts';

// Two thirds of the way in 120 ms: live layouts send about ten frames a second, and this glides through them.
const GLIDE_MS = 120;
// After so long e^(-t/τ) is below half a thousandth.
const GLIDE_END_MS = GLIDE_MS * 7.6;

/** Bytes of `style`, four an item. */
const STYLE_WEIGHT = 0;
export const STYLE_MARK = 1;
const STYLE_SHAPE = 2;
export const STYLE_VISIBLE = 3;
/** Values of the visible byte. */
const SHOWN = 128;
const SHOWN_LARGE = 255;

/**
 * Everything a painter draws of the items, in arrays that go to the GPU as they are. Whoever draws compares the
 * version numbers with those it uploaded last.
 */
export class Points {
  count = 0;
  ids: readonly string[] = [];
  kinds: readonly MapItem['kind'][] = [];
  /** count × 3: where the glide began and where it goes. */
  from = new Float32Array(0);
  to = new Float32Array(0);
  /** count × 3: where everything is at this moment. */
  current = new Float32Array(0);
  /** count × 4, RGBA. */
  colors = new Uint8Array(0);
  /** count × 4: highlight weight, mark (255 selected), shape (255 square), visible (0 not, 128 shown, 255 hovered). */
  style = new Uint8Array(0);
  texts: (string | undefined)[] = [];
  dimensions: 2 | 3 = 2;
  glide = 1;
  positionsVersion = 0;
  styleVersion = 0;
  hovered: number | null = null;
  highlights: Float32Array | null = null;
  selection = new Set<number>();
  private placed = new Uint8Array(0);
  private ownColors: Uint8Array | null = null;
  private palette: Palette = palettes.light;
  private elapsedMs = GLIDE_END_MS;
  /** 0 for the usual glide, which is made for places that come often; else how long a slow one takes. */
  private slowMs = 0;
  private known: Bounds | null = null;
  private knownPlaces: Float32Array | null = null;

  /** How many have a place. */
  get shown(): number {
    let sum = 0;
    for (const byte of this.placed) sum += byte;
    return sum;
  }

  get gliding(): boolean {
    return this.glide < 1;
  }

  /** Takes a new list of items; what has the same id stays where it is. */
  setItems(items: readonly MapItem[]): void {
    const old = new Map(this.ids.map((id, index) => [id, index]));
    const { current, to, placed, texts } = this;
    const count = items.length;
    this.count = count;
    this.ids = items.map((item) => item.id);
    this.kinds = items.map((item) => item.kind);
    this.from = new Float32Array(count * 3);
    this.to = new Float32Array(count * 3);
    this.current = new Float32Array(count * 3);
    this.placed = new Uint8Array(count);
    this.texts = new Array<string | undefined>(count).fill(undefined);
    const hoveredId = this.hovered === null ? undefined : [...old.keys()][this.hovered];
    this.hovered = null;
    items.forEach((item, index) => {
      const before = old.get(item.id);
      if (before === undefined) return;
      const row = before * 3;
      this.from.set(current.subarray(row, row + 3), index * 3);
      this.current.set(current.subarray(row, row + 3), index * 3);
      this.to.set(to.subarray(row, row + 3), index * 3);
      this.placed[index] = placed[before] ?? 0;
      this.texts[index] = texts[before];
      if (item.id === hoveredId) this.hovered = index;
    });
    this.ownColors = null;
    this.highlights = null;
    this.selection = new Set();
    this.colors = new Uint8Array(count * 4);
    this.style = new Uint8Array(count * 4);
    this.paintAll();
    this.restartGlide(this.gliding);
  }

  /** See `MapPane.setPositions`. */
  setPositions(positions: Float32Array, dimensions: 2 | 3, animate: boolean, slowMs = 0): void {
    const rows = positions.length / dimensions;
    if (!Number.isInteger(rows)) {
      throw new RangeError(`${positions.length} coordinates are no whole number of rows of ${dimensions}.`);
    }
    if (rows > this.count) {
      throw new RangeError(
        `Positions for ${rows} items, but the map has ${this.count}. Call setItems first.`,
      );
    }
    this.from.set(this.current);
    this.dimensions = dimensions;
    let changedShown = false;
    for (let index = 0; index < this.count; index++) {
      const at = index * 3;
      if (index >= rows) {
        // It waits, but on the plane when the map becomes one.
        if (dimensions === 2) this.to[at + 2] = 0;
        continue;
      }
      const x = positions[index * dimensions] ?? Number.NaN;
      const y = positions[index * dimensions + 1] ?? Number.NaN;
      const z = dimensions === 3 ? (positions[index * dimensions + 2] ?? Number.NaN) : 0;
      const valid = Number.isFinite(x + y + z);
      const before = this.placed[index] === 1;
      if (valid !== before) changedShown = true;
      this.placed[index] = valid ? 1 : 0;
      if (!valid) continue;
      this.to[at] = x;
      this.to[at + 1] = y;
      this.to[at + 2] = z;
      if (!before) this.from.set(this.to.subarray(at, at + 3), at);
    }
    if (changedShown) this.paintStyles();
    this.restartGlide(animate, slowMs);
  }

  /** Goes on with the glide; true while there is some way left. */
  step(elapsedMs: number): boolean {
    if (!this.gliding) return false;
    this.elapsedMs += elapsedMs;
    this.glide = this.slowMs > 0 ? eased(this.elapsedMs / this.slowMs) : approach(this.elapsedMs);
    const { from, to, current, glide } = this;
    for (let at = 0; at < current.length; at++) {
      const start = from[at] ?? 0;
      current[at] = start + ((to[at] ?? 0) - start) * glide;
    }
    return this.gliding;
  }

  has(index: number): boolean {
    return this.placed[index] === 1;
  }

  /** Box around where everything is going; null when nothing has a place. */
  bounds(indices?: readonly number[]): Bounds | null {
    if (!indices && this.known) return this.known;
    const min: [number, number, number] = [Infinity, Infinity, Infinity];
    const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
    const take = (index: number) => {
      if (this.placed[index] !== 1) return;
      for (let axis = 0; axis < 3; axis++) {
        const value = this.to[index * 3 + axis] ?? 0;
        min[axis] = Math.min(min[axis] ?? Infinity, value);
        max[axis] = Math.max(max[axis] ?? -Infinity, value);
      }
    };
    if (indices) indices.forEach(take);
    else for (let index = 0; index < this.count; index++) take(index);
    if (min[0] > max[0]) return null;
    const bounds: Bounds = { min, max };
    if (!indices) this.known = bounds;
    return bounds;
  }

  /** Where these (all unless told) are going: n × 3, only of those that have a place. Not to be written to. */
  places(indices?: readonly number[]): Float32Array {
    if (!indices && this.knownPlaces) return this.knownPlaces;
    const { placed, to } = this;
    const length = indices?.length ?? this.count;
    const all = new Float32Array(length * 3);
    let end = 0;
    for (let row = 0; row < length; row++) {
      const index = indices ? (indices[row] ?? 0) : row;
      if (placed[index] !== 1) continue;
      for (let axis = 0; axis < 3; axis++) all[end++] = to[index * 3 + axis] ?? 0;
    }
    const places = all.subarray(0, end);
    if (!indices) this.knownPlaces = places;
    return places;
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    this.paintColors();
  }

  setColors(colors: Uint8Array | null): void {
    if (colors && colors.length !== this.count * 4) {
      throw new RangeError(`Colors need ${this.count * 4} bytes (RGBA an item), not ${colors.length}.`);
    }
    this.ownColors = colors?.slice() ?? null;
    this.paintColors();
  }

  setHighlights(weights: Float32Array | null): void {
    if (weights && weights.length !== this.count) {
      throw new RangeError(`Highlights need ${this.count} weights, one an item, not ${weights.length}.`);
    }
    this.highlights = weights?.slice() ?? null;
    this.paintStyles();
  }

  setSelection(indices: Iterable<number>): void {
    this.selection = new Set([...indices].filter((index) => index >= 0 && index < this.count));
    this.paintStyles();
  }

  setHovered(index: number | null): void {
    const next = index !== null && index >= 0 && index < this.count ? index : null;
    if (next === this.hovered) return;
    this.hovered = next;
    this.paintStyles();
  }

  /** 0 dimmed to 1 full. */
  weight(index: number): number {
    return this.highlights ? Math.min(1, Math.max(0, this.highlights[index] ?? 0)) : 1;
  }

  /** The color that `setColors` gave an item, 0..1 a channel; alpha is 0 where it gave none. */
  ownColor(index: number): [number, number, number, number] {
    if (!this.ownColors) return [0, 0, 0, 0];
    const [red = 0, green = 0, blue = 0, alpha = 0] = this.ownColors.subarray(index * 4, index * 4 + 4);
    return [red / 255, green / 255, blue / 255, alpha > 0 ? 1 : 0];
  }

  private restartGlide(animate: boolean, slowMs = 0): void {
    this.known = null;
    this.knownPlaces = null;
    this.slowMs = slowMs;
    this.positionsVersion++;
    if (animate) {
      this.elapsedMs = 0;
      this.glide = 0;
      return;
    }
    this.elapsedMs = GLIDE_END_MS;
    this.glide = 1;
    this.current.set(this.to);
    this.from.set(this.to);
  }

  private paintAll(): void {
    this.paintColors();
    this.paintStyles();
  }

  private paintColors(): void {
    this.styleVersion++;
    if (this.ownColors) {
      this.colors.set(this.ownColors);
      return;
    }
    this.kinds.forEach((kind, index) => {
      this.colors.set(this.palette.kinds[kind], index * 4);
      this.colors[index * 4 + 3] = 255;
    });
  }

  private paintStyles(): void {
    this.styleVersion++;
    for (let index = 0; index < this.count; index++) {
      const at = index * 4;
      this.style[at + STYLE_WEIGHT] = Math.round(this.weight(index) * 255);
      this.style[at + STYLE_MARK] = this.selection.has(index) || index === this.hovered ? 255 : 0;
      this.style[at + STYLE_SHAPE] = this.kinds[index] === 'text' ? 255 : 0;
      const large = index === this.hovered ? SHOWN_LARGE : SHOWN;
      this.style[at + STYLE_VISIBLE] = this.placed[index] === 1 ? large : 0;
    }
  }
}

/** Share of the way after so long, fast at first. */
function approach(elapsedMs: number): number {
  return elapsedMs >= GLIDE_END_MS ? 1 : 1 - Math.exp(-elapsedMs / GLIDE_MS);
}

/** Share of the way at a share of the time: begins and ends at rest. */
function eased(time: number): number {
  const t = Math.min(1, time);
  return t * t * (3 - 2 * t);
}
