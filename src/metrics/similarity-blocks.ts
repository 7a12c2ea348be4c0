import cosineKeyWgsl from '../../shaders/lib/cosine-key.wgsl?raw';
import similarityWgsl from '../../shaders/similarity.wgsl?raw';
import type { Gpu } from '../gpu/gpu.ts';
import { getKernel } from '../gpu/kernel.ts';
import type { GpuMatrix } from '../gpu/matrix.ts';
import type { BufferScope } from '../gpu/memory.ts';
import type { Pace } from '../gpu/pace.ts';
import { composeShader, type Shader } from '../gpu/shader.ts';
import { type Copy, type Dispatch, submit } from '../gpu/submit.ts';
import { UNIFORM } from './distances.ts';

/** Pictures and labels on the GPU, as rows split into a coarse part and the rest. */
export interface SimilarityPairing {
  readonly gpu: Gpu;
  readonly pictures: GpuMatrix;
  readonly labels: GpuMatrix;
  readonly scale: number;
  /** One for each kind of work, by name. */
  readonly paceOf: (work: string) => Pace;
  /** At most this many pairs in one block (but one part of pictures and one of labels at least). */
  readonly maxPairs: number;
}

/** Some neighboring rows of a set. */
export interface Band {
  readonly first: number;
  readonly rows: number;
}

/** A rectangle of pairs, whatever chunks they lie in. */
export interface Block {
  readonly pictures: Band;
  readonly labels: Band;
}

/** Sums are taken over this many rows, counted from the first of the set, and then added up: blocks hold whole parts. */
export const PART = 64;
// Owners go along one dimension of a dispatch, which takes 65,535 groups.
const MOST_ROWS = 2 ** 16;
const TILE = 8;

/** How pictures and labels are cut into blocks of at most `maxPairs`: wide ones, and of all labels where they fit. */
export function cutBands({ pictures, labels, maxPairs }: SimilarityPairing) {
  const widest = wholeParts(Math.max(2 * Math.sqrt(maxPairs), maxPairs / pictures.rows));
  const width = Math.min(labels.rows, widest);
  const height = Math.min(pictures.rows, wholeParts(maxPairs / width));
  return { pictures: bandsOf(pictures.rows, height), labels: bandsOf(labels.rows, width), height, width };
}

function wholeParts(rows: number): number {
  return Math.max(1, Math.floor(Math.min(rows, MOST_ROWS) / PART)) * PART;
}

function bandsOf(rows: number, most: number): Band[] {
  return Array.from({ length: Math.ceil(rows / most) }, (_, band) => ({
    first: band * most,
    rows: Math.min(most, rows - band * most),
  }));
}

export function similarityShader(name: string, wgsl: string, constants: Record<string, number> = {}): Shader {
  return composeShader(name, [cosineKeyWgsl, wgsl], constants);
}

/** Submits and tells the pace how long that much work took. */
export async function submitPaced(
  device: GPUDevice,
  pace: Pace,
  elements: number,
  dispatches: readonly Dispatch[],
  copies: readonly Copy[] = [],
): Promise<void> {
  const start = performance.now();
  await submit(device, dispatches, copies);
  pace.record(elements, performance.now() - start);
}

export type BlockMeasure = (
  block: Block,
  cosines: GPUBuffer,
  signal: AbortSignal | undefined,
  onPairs: (pairs: number) => void,
) => Promise<void>;

/** @returns what writes a block's cosines (shaders/lib/cosine-key.wgsl), pictures × labels, in several submits */
export async function openCosineMeasure(
  pairing: SimilarityPairing,
  scope: BufferScope,
): Promise<BlockMeasure> {
  const { gpu, pictures, labels, paceOf } = pairing;
  // One tile of labels leaves nothing to share between rows of a square group.
  const isNarrow = labels.rows <= TILE;
  const group = { GROUP_PICTURES: isNarrow ? 64 : 8, GROUP_LABELS: isNarrow ? 1 : 8 };
  const name = `shaders/similarity.wgsl (${isNarrow ? 'few' : 'many'} labels)`;
  const shader = similarityShader(name, similarityWgsl, {
    TILE_PICTURES: TILE,
    TILE_LABELS: TILE,
    ...group,
  });
  const kernel = await getKernel(gpu.device, shader, 'measureCosines');
  const uniforms = await scope.allocate('settings of a block of cosines', kernel.uniformBytes, UNIFORM);
  const elementsOfPair = pictures.lanes * 4;
  const pace = paceOf('similarity');
  return async (block, cosines, signal, onPairs) => {
    for (const pictureSpan of spansOf(pictures, block.pictures)) {
      for (const labelSpan of spansOf(labels, block.labels)) {
        let rows = 0;
        for (let first = 0; first < pictureSpan.rows; first += rows) {
          rows = Math.min(pictureSpan.rows - first, inTiles(pace.budget / elementsOfPair / TILE));
          let columns = 0;
          for (let left = 0; left < labelSpan.rows; left += columns) {
            signal?.throwIfAborted();
            columns = Math.min(labelSpan.rows - left, inTiles(pace.budget / elementsOfPair / rows));
            const measure: Dispatch = {
              kernel,
              uniforms,
              values: {
                pictures: rows,
                labels: columns,
                firstPicture: pictureSpan.inChunk + first,
                firstLabel: labelSpan.inChunk + left,
                out: (pictureSpan.inBand + first) * block.labels.rows + labelSpan.inBand + left,
                stride: block.labels.rows,
                lanes: pictures.lanes / 2,
              },
              storage: { pictureLanes: pictureSpan.lanes, labelLanes: labelSpan.lanes, cosines },
              workgroups: [
                Math.ceil(rows / (TILE * group.GROUP_PICTURES)),
                Math.ceil(columns / (TILE * group.GROUP_LABELS)),
              ],
            };
            await submitPaced(gpu.device, pace, rows * columns * elementsOfPair, [measure]);
            onPairs(rows * columns);
          }
        }
      }
    }
  };
}

function inTiles(rows: number): number {
  return Math.max(1, Math.floor(rows / TILE)) * TILE;
}

/** The pieces of a band that lie in one chunk each. */
function* spansOf(matrix: GpuMatrix, band: Band) {
  for (const { first, rows, lanes } of matrix.chunks) {
    const start = Math.max(first, band.first);
    const stop = Math.min(first + rows, band.first + band.rows);
    if (start >= stop) continue;
    yield { inChunk: start - first, inBand: start - band.first, rows: stop - start, lanes };
  }
}
