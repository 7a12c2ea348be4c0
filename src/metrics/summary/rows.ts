import { getKernel } from '../../gpu/kernel.ts';
import type { BufferScope } from '../../gpu/memory.ts';
import { readBuffer } from '../../gpu/submit.ts';
import { type Pairing, UNIFORM } from '../distances.ts';
import { MOST_ROWS, partsOf, type Reduction, SHADER } from './reduction.ts';

// As in the shader: three levels of sums, nearest key, its column, farthest key.
const WORDS = 6;
const GROUP_SIZE = 64;

/** What is known of each row, once all its distances were seen. */
interface RowTotals {
  readonly nearest: Float32Array<ArrayBuffer>;
  readonly nearestIndices: Uint32Array<ArrayBuffer>;
  readonly means: Float32Array<ArrayBuffer>;
  smallest: number;
  largest: number;
  sum: number;
}

export function emptyTotals(rows: number): RowTotals {
  return {
    nearest: new Float32Array(rows).fill(Number.NaN),
    nearestIndices: new Uint32Array(rows).fill(2 ** 32 - 1),
    means: new Float32Array(rows).fill(Number.NaN),
    smallest: Number.NaN,
    largest: Number.NaN,
    sum: 0,
  };
}

/**
 * Mean, nearest and farthest of each row.
 *
 * @param perRow distances of a row that count
 */
export async function openRows(
  { gpu, metric, rows, columns }: Pairing,
  perRow: number,
  scope: BufferScope,
): Promise<Reduction & { readonly totals: RowTotals }> {
  const kernel = await getKernel(gpu.device, SHADER, 'reduceRows');
  const mostRows = Math.min(rows.rows, MOST_ROWS);
  const parts = partsOf(gpu, mostRows, columns.rows);
  const rowBytes = parts * WORDS * 4;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const [uniforms, rowParts, staging] = await Promise.all([
    scope.allocate('settings of a reduction of rows', kernel.uniformBytes, UNIFORM),
    scope.allocate('sums of rows so far', mostRows * rowBytes, STORAGE | COPY_SRC),
    scope.allocate('sums of rows to read', mostRows * rowBytes, MAP_READ | COPY_DST),
  ]);
  const totals = emptyTotals(rows.rows);
  totals.smallest = Number.POSITIVE_INFINITY;
  totals.largest = Number.NEGATIVE_INFINITY;
  const sign = metric.nearest === 'largest' ? -1 : 1;
  return {
    totals,
    mostRows,
    dispatch(place, distances) {
      return {
        kernel,
        uniforms,
        values: { ...place, parts },
        storage: { distances, rowParts },
        workgroups: [Math.ceil((place.rows * parts) / GROUP_SIZE)],
      };
    },
    copies: (count) => [{ from: rowParts, to: staging, bytes: count * rowBytes }],
    collect(firstRow, count) {
      return readBuffer(staging, count * rowBytes, (memory) => {
        for (let i = 0; i < count; i++) {
          takeRow(totals, firstRow + i, readRow(memory, i * parts, parts), perRow, sign);
        }
      });
    },
  };
}

interface RowState {
  sum: number;
  nearestKey: number;
  nearestColumn: number;
  farthestKey: number;
}

/** Merges the parts of one row, in 64 bits. */
function readRow(memory: ArrayBuffer, firstPart: number, parts: number): RowState {
  const floats = new Float32Array(memory, firstPart * WORDS * 4, parts * WORDS);
  const words = new Uint32Array(memory, firstPart * WORDS * 4, parts * WORDS);
  const row = { sum: 0, nearestKey: Infinity, nearestColumn: 2 ** 32 - 1, farthestKey: -Infinity };
  for (let at = 0; at < parts * WORDS; at += WORDS) {
    row.sum += (floats[at] ?? 0) + (floats[at + 1] ?? 0) + (floats[at + 2] ?? 0);
    const key = floats[at + 3] ?? Infinity;
    const column = words[at + 4] ?? 2 ** 32 - 1;
    if (key < row.nearestKey || (key === row.nearestKey && column < row.nearestColumn)) {
      row.nearestKey = key;
      row.nearestColumn = column;
    }
    row.farthestKey = Math.max(row.farthestKey, floats[at + 5] ?? -Infinity);
  }
  return row;
}

function takeRow(totals: RowTotals, at: number, row: RowState, perRow: number, sign: number): void {
  totals.nearest[at] = sign * row.nearestKey;
  totals.nearestIndices[at] = row.nearestColumn;
  totals.means[at] = row.sum / perRow;
  totals.sum += row.sum;
  totals.smallest = Math.min(totals.smallest, sign * row.nearestKey, sign * row.farthestKey);
  totals.largest = Math.max(totals.largest, sign * row.nearestKey, sign * row.farthestKey);
}
