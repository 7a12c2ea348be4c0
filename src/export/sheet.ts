/** Where things go on a sheet with one or more maps on it. CSS pixels from its top left. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  /** Of each map its top left; its title stands above it. */
  readonly maps: readonly Place[];
  /** Of each entry of the legend, the left end of its base line. */
  readonly entries: readonly Place[];
  /** The top left of the scale of colors. */
  readonly scale: Place;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface SheetMap {
  readonly title?: string | undefined;
  readonly width: number;
  readonly height: number;
}

const GAP = 16;
export const TITLE_HEIGHT = 30;
const LINE = 22;
/** A swatch and the room after it. */
export const SWATCH = 18;
/** Of 12 pixel letters, rather too wide than too narrow. */
const LETTER = 7.2;

/** With its title above, and what its ends say below. */
export const SCALE_HEIGHT = 50;
export const SCALE_WIDTH = 280;

/**
 * A map alone without a title fills the sheet; several lie in rows of two, or three where they are more than four. Below them are the
 * legend and a scale of colors, where there is one.
 */
export function layOutSheet(
  maps: readonly SheetMap[],
  legend: readonly string[],
  hasScale: boolean = false,
): Sheet {
  const titled = maps.some(({ title }) => title !== undefined);
  const border = titled || maps.length > 1 ? GAP : 0;
  const columns = maps.length <= 3 ? maps.length : maps.length === 4 ? 2 : 3;
  const rows = Math.ceil(maps.length / Math.max(1, columns));
  const cellWidth = Math.max(0, ...maps.map(({ width }) => width));
  const cellHeight = Math.max(0, ...maps.map(({ height }) => height)) + (titled ? TITLE_HEIGHT : 0);
  const all = columns * (cellWidth + border) + border;
  const width = hasScale ? Math.max(all, SCALE_WIDTH + 2 * GAP) : all;
  const places = maps.map((_, at) => ({
    x: border + (at % columns) * (cellWidth + border),
    y: border + Math.floor(at / columns) * (cellHeight + border) + (titled ? TITLE_HEIGHT : 0),
  }));
  const bottom = border + rows * (cellHeight + border);
  const entries: { x: number; y: number }[] = [];
  let x = GAP;
  let y = bottom + LINE - 4;
  for (const entry of legend) {
    const length = SWATCH + entry.length * LETTER + GAP;
    if (x > GAP && x + length > width) {
      x = GAP;
      y += LINE;
    }
    entries.push({ x, y });
    x += length;
  }
  const below = entries.length > 0 ? y + GAP - 4 : bottom;
  const scale = { x: GAP, y: below + (border > 0 && entries.length === 0 ? 0 : 10) };
  const height = hasScale ? scale.y + SCALE_HEIGHT + GAP : below;
  return { width, height, maps: places, entries, scale };
}
