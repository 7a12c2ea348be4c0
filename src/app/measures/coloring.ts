/** Colors the map by a number an item. */
import { interpolateViridis } from 'd3-scale-chromatic';
import type { Id } from '../../data/item.ts';
import { useCompare } from '../compare/state.ts';
import { type Coloring, readApp, useApp, writeApp } from '../store.ts';

/** Values of the items of one map, or of all. */
interface ValueLayer {
  /** A pane of a comparison; `main` for the map of the page, `all` for every map. */
  readonly pane: number | 'main' | 'all';
  readonly ids: readonly Id[];
  /** NaN where there is none. */
  readonly values: Float32Array;
}

export interface Values {
  readonly title: string;
  readonly layers: readonly ValueLayer[];
  /** Which end is to be seen first. */
  readonly telling: 'high' | 'low';
  /** What the low and the high end say. */
  readonly ends: readonly [low: string, high: string];
}

// Few items lie apart from all others, and would leave these one color.
const CUT = 0.02;
const FEW = 50;
/** Parts of viridis (van der Walt and Smith 2015) between the most telling color and the least, which are both seen on the ground. */
const TONES = { light: [0.02, 0.9], dark: [1, 0.24] } as const;

let painted: { readonly values: Values; readonly isStill: () => boolean } | undefined;

/**
 * Colors maps by values, until `unpaint`, other labels, another collection, or what the values are not about any more.
 *
 * @param isStill whether the page shows what the values are about; asked whenever a map, a pane or a setting changes
 */
export function paint(values: Values, isStill: () => boolean): void {
  painted = { values, isStill };
  watch();
  writeApp({ coloring: coloringOf(values, readApp().theme) });
}

export function unpaint(): void {
  painted = undefined;
  if (readApp().coloring) writeApp({ coloring: undefined });
}

/** @returns undefined where no item has a value */
export function coloringOf(values: Values, theme: 'light' | 'dark'): Coloring | undefined {
  const { layers, telling, title, ends } = values;
  const [from, to] = scaleOf(layers.map((layer) => layer.values));
  if (Number.isNaN(from)) return undefined;
  const [most, least] = TONES[theme];
  const colorAt = (place: number) => {
    const rank = telling === 'high' ? place : 1 - place;
    return interpolateViridis(least + (most - least) * rank);
  };
  // Whole hundredths: a color is parsed once, not once an item.
  const palette = Array.from({ length: 101 }, (_, step) => rgbOf(colorAt(step / 100)));
  const some = layers.some((layer) => layer.values.some(Number.isNaN));
  return {
    title,
    from,
    to,
    ends,
    stops: [0, 25, 50, 75, 100].map((step) => `rgb(${palette[step]?.join(' ')})`),
    isPartial: some,
    layers: layers.map((layer) => ({
      pane: layer.pane,
      ids: layer.ids,
      values: layer.values,
      rgba: bytesOf(layer.values, from, to, palette),
    })),
  };
}

function bytesOf(
  values: Float32Array,
  from: number,
  to: number,
  palette: readonly (readonly number[])[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 4);
  values.forEach((value, row) => {
    const place = to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : 0.5;
    const color = palette[Math.round(place * 100)] ?? [128, 128, 128];
    bytes.set([...color, 255], row * 4);
  });
  return bytes;
}

/** From the smallest to the largest; of many items without the outermost hundredths. NaN where there are none. */
function scaleOf(lists: readonly Float32Array[]): readonly [from: number, to: number] {
  const sorted = Float32Array.from(
    lists.flatMap((list) => [...list]).filter((value) => !Number.isNaN(value)),
  );
  sorted.sort();
  const cut = sorted.length < FEW ? 0 : Math.floor(sorted.length * CUT);
  return [sorted[cut] ?? Number.NaN, sorted[sorted.length - 1 - cut] ?? Number.NaN];
}

/** d3 gives `rgb(1, 2, 3)` or `#010203`. */
function rgbOf(color: string): readonly [number, number, number] {
  const hex = /^#(..)(..)(..)$/.exec(color)?.slice(1);
  const parts = hex
    ? hex.map((part) => Number.parseInt(part, 16))
    : (color
        .match(/[\d.]+/g)
        ?.slice(0, 3)
        .map(Number) ?? []);
  const [red = 128, green = 128, blue = 128] = parts;
  return [red, green, blue];
}

let watching = false;

/** Parts of the page by which its maps and their metrics change. */
const MOVES = ['placement', 'comparing', 'settings', 'modelId'] as const;

function watch(): void {
  if (watching) return;
  watching = true;
  useApp.subscribe((state, before) => {
    if (!painted) return;
    if (state.theme !== before.theme) writeApp({ coloring: coloringOf(painted.values, state.theme) });
    const isRelabelled = state.labels !== before.labels && state.labels !== undefined;
    const isMoved = MOVES.some((part) => state[part] !== before[part]);
    if (state.revision !== before.revision || isRelabelled || (isMoved && !painted.isStill())) unpaint();
  });
  useCompare.subscribe((state, before) => {
    if (painted && state.panes !== before.panes && !painted.isStill()) unpaint();
  });
}
