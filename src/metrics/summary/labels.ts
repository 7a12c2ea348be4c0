import { getKernel } from '../../gpu/kernel.ts';
import type { BufferScope } from '../../gpu/memory.ts';
import { readBuffer } from '../../gpu/submit.ts';
import { type Pairing, UNIFORM } from '../distances.ts';
import { MOST_ROWS, partsOf, type Reduction, SHADER } from './reduction.ts';

// As in the shader: three levels of sums.
const WORDS = 3;
const GROUP_SIZE = 64;
const SUMS_BYTES = 16 * 2 ** 20;

/**
 * Sums of each row's distances to the columns of each label.
 *
 * @param labels one a column, below `count`
 */
export async function openLabels(
  { gpu, rows, columns, maxPairs }: Pairing,
  labels: Uint32Array<ArrayBuffer>,
  count: number,
  scope: BufferScope,
): Promise<
  Reduction & { readonly sums: Float32Array<ArrayBuffer>; readonly counts: Uint32Array<ArrayBuffer> }
> {
  const { device } = gpu;
  const kernel = await getKernel(device, SHADER, 'sumLabels');
  const counts = countLabels(labels, 0, labels.length, count);
  const fewRows = Math.min(rows.rows, MOST_ROWS);
  const parts = partsOf(
    gpu,
    fewRows * count,
    counts.reduce((most, some) => Math.max(most, some)),
  );
  const rowBytes = count * parts * WORDS * 4;
  const mostRows = Math.max(1, Math.min(fewRows, Math.floor(SUMS_BYTES / rowBytes)));
  const widest = Math.min(columns.rows, maxPairs);
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const [uniforms, labeledColumns, labelSpans, labelParts, staging] = await Promise.all([
    scope.allocate('settings of sums per label', kernel.uniformBytes, UNIFORM),
    scope.allocate('columns by label', widest * 4, STORAGE | COPY_DST),
    scope.allocate('labels of a block', Math.min(widest, count) * 16, STORAGE | COPY_DST),
    scope.allocate('sums per label so far', mostRows * rowBytes, STORAGE | COPY_SRC),
    scope.allocate('sums per label to read', mostRows * rowBytes, MAP_READ | COPY_DST),
  ]);
  const sums = new Float32Array(rows.rows * count);
  const before = new Uint32Array(count);
  return {
    ...{ sums, counts, mostRows },
    dispatch(place, distances) {
      if (place.isFirst) before.fill(0);
      const { ordered, spans } = groupColumns(labels, place.firstColumn, place.columns, before);
      device.queue.writeBuffer(labeledColumns, 0, ordered);
      device.queue.writeBuffer(labelSpans, 0, spans);
      return {
        kernel,
        uniforms,
        values: { ...place, parts, labels: count, spans: spans.length / 4 },
        storage: { distances, labeledColumns, labelSpans, labelParts },
        workgroups: [Math.ceil((place.rows * (spans.length / 4) * parts) / GROUP_SIZE)],
      };
    },
    copies: (some) => [{ from: labelParts, to: staging, bytes: some * rowBytes }],
    collect(firstRow, some) {
      return readBuffer(staging, some * rowBytes, (memory) => {
        const partSums = new Float32Array(memory);
        for (let i = 0; i < some * count; i++) {
          // What is there for a label without columns was never written.
          if (counts[i % count] === 0) continue;
          let sum = 0;
          for (let at = i * parts * WORDS; at < (i + 1) * parts * WORDS; at++) sum += partSums[at] ?? 0;
          sums[firstRow * count + i] = sum;
        }
      });
    },
  };
}

/** How many columns each label has from column `first` on. */
export function countLabels(
  labels: Uint32Array<ArrayBuffer>,
  first: number,
  columns: number,
  count: number,
): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(count);
  for (let column = first; column < first + columns; column++) {
    const label = labels[column] ?? 0;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}

/**
 * The columns of a block label by label, rising within each, and a span for each label that is there, as
 * shaders/summary.wgsl reads it: where its columns begin and end, how many came before this block, and the label.
 *
 * @param before columns of each label before this block; grows by those of this block
 */
function groupColumns(
  labels: Uint32Array<ArrayBuffer>,
  first: number,
  columns: number,
  before: Uint32Array<ArrayBuffer>,
) {
  const counts = countLabels(labels, first, columns, before.length);
  const next = new Uint32Array(before.length);
  const spans: number[] = [];
  let start = 0;
  counts.forEach((count, label) => {
    if (count === 0) return;
    const earlier = before[label] ?? 0;
    spans.push(start, start + count, earlier, label);
    before[label] = earlier + count;
    next[label] = start;
    start += count;
  });
  const ordered = new Uint32Array(columns);
  for (let column = 0; column < columns; column++) {
    const label = labels[first + column] ?? 0;
    const at = next[label] ?? 0;
    ordered[at] = column;
    next[label] = at + 1;
  }
  return { ordered, spans: Uint32Array.from(spans) };
}
