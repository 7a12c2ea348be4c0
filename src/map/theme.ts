import type { ItemKind } from '../data/item.ts';
import type { Theme } from './types.ts';

type Rgb = readonly [number, number, number];

/** Colors of the map, sRGB, 0..255. */
export interface Palette {
  readonly background: Rgb;
  /** Ring around what is selected or hovered. */
  readonly accent: Rgb;
  /** Hairline around a thumbnail. */
  readonly border: Rgb;
  /** Behind a thumbnail's transparent parts. Light in both themes: drawings are mostly dark lines on nothing. */
  readonly card: Rgb;
  readonly label: Rgb;
  readonly kinds: Readonly<Record<ItemKind, Rgb>>;
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    background: [251, 251, 250],
    accent: [37, 99, 235],
    border: [205, 207, 210],
    card: [255, 255, 255],
    label: [43, 46, 51],
    kinds: { picture: [86, 122, 158], text: [201, 112, 44], vector: [92, 140, 110] },
  },
  dark: {
    background: [17, 18, 20],
    accent: [122, 162, 255],
    border: [62, 65, 71],
    card: [226, 226, 222],
    label: [226, 228, 232],
    kinds: { picture: [132, 166, 201], text: [232, 155, 92], vector: [132, 184, 152] },
  },
};

/** `rgb(…)` as CSS writes it. */
export function cssColor(color: Rgb): string {
  return `rgb(${color.join(' ')})`;
}
