import type { Block } from './blocks.ts';

// What is gathered from blocks of distances. NaN stands for a pair that does not count: a row with itself. Columns from
// `mirrored` on stand for two pairs, of row and column and of column and row.

/** Sums of each row, and the smallest and the largest distance of all. */
export class RowSums {
  readonly sums: Float64Array<ArrayBuffer>;
  smallest = Infinity;
  largest = -Infinity;

  constructor(rows: number) {
    this.sums = new Float64Array(rows);
  }

  add(
    { firstRow, rows, firstColumn, columns }: Block,
    distances: Float32Array<ArrayBuffer>,
    mirrored: number,
  ) {
    const { sums } = this;
    let { smallest, largest } = this;
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) {
        const distance = distances[r * columns + c] ?? 0;
        if (Number.isNaN(distance)) continue;
        sum += distance;
        if (distance < smallest) smallest = distance;
        if (distance > largest) largest = distance;
        if (c >= mirrored) sums[firstColumn + c] = (sums[firstColumn + c] ?? 0) + distance;
      }
      sums[firstRow + r] = (sums[firstRow + r] ?? 0) + sum;
    }
    this.smallest = smallest;
    this.largest = largest;
  }
}

/** Sums of each row's distances to the columns of each label. */
export class LabelSums {
  /** rows × labels */
  readonly sums: Float64Array<ArrayBuffer>;
  /** How many columns each label has. */
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly #labels: Uint32Array<ArrayBuffer>;

  /** @param labels one a column, below `count` */
  constructor(rows: number, labels: Uint32Array<ArrayBuffer>, count: number) {
    this.sums = new Float64Array(rows * count);
    this.counts = new Uint32Array(count);
    this.#labels = labels;
    for (const label of labels) this.counts[label] = (this.counts[label] ?? 0) + 1;
  }

  add(
    { firstRow, rows, firstColumn, columns }: Block,
    distances: Float32Array<ArrayBuffer>,
    mirrored: number,
  ) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const distance = distances[r * columns + c] ?? 0;
        if (Number.isNaN(distance)) continue;
        this.#addOne(firstRow + r, firstColumn + c, distance);
        if (c >= mirrored) this.#addOne(firstColumn + c, firstRow + r, distance);
      }
    }
  }

  #addOne(row: number, column: number, distance: number): void {
    const at = row * this.counts.length + (this.#labels[column] ?? 0);
    this.sums[at] = (this.sums[at] ?? 0) + distance;
  }
}

/** Counts of distances in equal bins, as `DistanceSummary` says. */
export class Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: Float64Array<ArrayBuffer>;
  readonly #borders: Float64Array<ArrayBuffer>;
  readonly #perUnit: number;

  constructor([from, to]: readonly [from: number, to: number], bins: number) {
    this.from = from;
    this.to = to;
    this.counts = new Float64Array(bins);
    this.#borders = Float64Array.from({ length: bins }, (_, i) => from + (i * (to - from)) / bins);
    this.#perUnit = to > from ? bins / (to - from) : 0;
  }

  add({ rows, columns }: Block, distances: Float32Array<ArrayBuffer>, mirrored: number): void {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) this.#count(distances[r * columns + c] ?? 0, c >= mirrored ? 2 : 1);
    }
  }

  #count(distance: number, pairs: number): void {
    // NaN fails as well.
    if (!(distance >= this.from && distance <= this.to)) return;
    const last = this.counts.length - 1;
    // The product is rounded: the borders decide.
    let bin = Math.min(last, Math.floor((distance - this.from) * this.#perUnit));
    while (bin > 0 && distance < (this.#borders[bin] ?? 0)) bin--;
    while (bin < last && distance >= (this.#borders[bin + 1] ?? 0)) bin++;
    this.counts[bin] = (this.counts[bin] ?? 0) + pairs;
  }
}
