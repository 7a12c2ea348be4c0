import * as Comlink from 'comlink';
import { type MatrixPicture, makePicture, type Showing } from './picture.ts';
import type { Distances, Scale } from './scale.ts';

/** A picture of matrices that are kept, by their names. */
export interface PictureQuestion {
  readonly showing: Showing;
  readonly scale: Scale;
  readonly upper: string;
  readonly lower: string;
  readonly order: Uint32Array<ArrayBuffer>;
}

/** What the matrix worker does: keeps exact distances by name, and makes pictures of them. */
export function createMatrixWork() {
  const kept = new Map<string, Distances>();
  const get = (name: string): Distances => {
    const found = kept.get(name);
    if (!found) throw new Error(`No distances are kept under the name ${name}.`);
    return found;
  };
  return {
    /** Makes room for count² distances, 4 bytes each; rows are to follow. */
    begin(name: string, count: number, nearest: Distances['nearest']): void {
      kept.set(name, { count, nearest, values: new Float32Array(count * count) });
    },

    take(name: string, firstRow: number, rows: Float32Array<ArrayBuffer>): void {
      const { values, count } = get(name);
      values.set(rows, firstRow * count);
    },

    /** Forgets all but these. */
    keepOnly(names: readonly string[]): void {
      for (const name of kept.keys()) if (!names.includes(name)) kept.delete(name);
    },

    /** Some whole rows, copied. */
    rows(name: string, firstRow: number, rows: number): Float32Array<ArrayBuffer> {
      const { values, count } = get(name);
      const copy = values.slice(firstRow * count, (firstRow + rows) * count);
      return Comlink.transfer(copy, [copy.buffer]);
    },

    /** The distances of one pair, by row. */
    pair(names: readonly string[], a: number, b: number): number[] {
      return names.map((name) => {
        const { values, count } = get(name);
        return values[a * count + b] ?? Number.NaN;
      });
    },

    /** All distances with rows and columns in this order. */
    inOrder(name: string, order: Uint32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
      const { values, count } = get(name);
      const sorted = new Float32Array(count * count);
      let at = 0;
      for (const row of order) for (const column of order) sorted[at++] = values[row * count + column] ?? 0;
      return Comlink.transfer(sorted, [sorted.buffer]);
    },

    picture({ upper, lower, ...question }: PictureQuestion): MatrixPicture {
      const picture = makePicture({ ...question, upper: get(upper), lower: get(lower) });
      return Comlink.transfer(picture, [picture.bytes.buffer]);
    },
  };
}

export type MatrixWork = ReturnType<typeof createMatrixWork>;
