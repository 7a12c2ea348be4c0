/** One level of a pyramid: a square of bytes, row-major, in the pyramid's one array. */
export interface Level {
  readonly offset: number;
  /** Blocks a row; the square has width × width. */
  readonly width: number;
}

/** Means of ever larger blocks of a square of cells, so that a picture from far away looks at a few bytes a pixel. */
export interface Pyramid {
  /** Cells a row. */
  readonly count: number;
  /** The cells themselves, then the means of blocks of 2 × 2 cells, of 4 × 4, … to one block of all. */
  readonly levels: readonly Level[];
  /** Of all levels; a multiple of 4 long, as the GPU wants it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A pyramid whose cells are still to be filled in (the first count × count bytes). */
export function emptyPyramid(count: number): Pyramid {
  const levels: Level[] = [];
  let offset = 0;
  for (let width = count; ; width = Math.ceil(width / 2)) {
    levels.push({ offset, width });
    offset += width * width;
    if (width <= 1) break;
  }
  return { count, levels, bytes: new Uint8Array(Math.ceil(offset / 4) * 4) };
}

/**
 * Fills in all levels above the cells. A block at the right or lower edge is the mean of the cells that it has. Means are taken
 * of means that were not rounded, so that every byte is within one half of the true mean.
 */
export function fillMeans({ count, levels, bytes }: Pyramid): void {
  let below: ArrayLike<number> = bytes.subarray(0, count * count);
  levels.forEach(({ offset, width }, level) => {
    const wide = levels[level - 1]?.width;
    if (wide === undefined) return;
    const means = new Float32Array(width * width);
    for (let row = 0; row < width; row++) {
      const [upper, lower] = extents(row, level, count);
      for (let column = 0; column < width; column++) {
        const [left, right] = extents(column, level, count);
        const at = 2 * row * wide + 2 * column;
        const top = left * (below[at] ?? 0) + (right > 0 ? right * (below[at + 1] ?? 0) : 0);
        const down = at + wide;
        const bottom =
          lower > 0 ? left * (below[down] ?? 0) + (right > 0 ? right * (below[down + 1] ?? 0) : 0) : 0;
        const mean = (upper * top + lower * bottom) / ((upper + lower) * (left + right));
        means[row * width + column] = mean;
        bytes[offset + row * width + column] = Math.round(mean);
      }
    }
    below = means;
  });
}

/** Cells across the two halves of a block. */
function extents(block: number, level: number, count: number): [first: number, second: number] {
  const half = 2 ** (level - 1);
  const start = 2 * block * half;
  return [Math.min(half, count - start), Math.max(0, Math.min(half, count - start - half))];
}
