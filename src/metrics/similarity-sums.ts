import sumsWgsl from '../../shaders/similarity-sums.wgsl?raw';
import { getKernel } from '../gpu/kernel.ts';
import type { BufferScope } from '../gpu/memory.ts';
import type { Dispatch } from '../gpu/submit.ts';
import { UNIFORM } from './distances.ts';
import {
  type Band,
  type Block,
  PART,
  type SimilarityPairing,
  similarityShader,
  submitPaced,
} from './similarity-blocks.ts';

const SHADER = similarityShader('shaders/similarity-sums.wgsl', sumsWgsl, { PART });
const GROUP_SIZE = 64;
// Key of the largest and sum of powers.
export const TOTAL_BYTES = 8;
// Number and key of one of the best.
export const ENTRY_BYTES = 8;
// What a pair of a block costs here, in the elements of a measurement that a pace counts: a guess that the pace corrects.
export const ELEMENTS_OF_PAIR = 64;

/** What is kept of some owners (pictures of a band, or labels) from block to block. */
export interface Totals {
  readonly totals: GPUBuffer;
  /** The best so far, where they are wanted. */
  readonly lists?: { readonly k: number; readonly entries: GPUBuffer };
}

/** @param k 0 for sums alone */
export async function allocateTotals(rows: number, k: number, scope: BufferScope): Promise<Totals> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const totals = await scope.allocate('softmax sums', rows * TOTAL_BYTES, usage);
  if (k === 0) return { totals };
  const entries = await scope.allocate('lists of the best so far', rows * k * ENTRY_BYTES, usage);
  return { totals, lists: { k, entries } };
}

/** Adds a block of cosines to what is kept of its pictures, or of its labels; the first block starts anew. */
export type AddBlock = (
  cosines: GPUBuffer,
  block: Block,
  owners: 'pictures' | 'labels',
  kept: Totals,
  signal: AbortSignal | undefined,
) => Promise<void>;

/** @param height and width of the largest block */
export async function openSums(
  { gpu, scale, paceOf }: SimilarityPairing,
  { height, width }: { readonly height: number; readonly width: number },
  scope: BufferScope,
): Promise<AddBlock> {
  const { device } = gpu;
  const [sumKernel, mergeKernel] = await Promise.all([
    getKernel(device, SHADER, 'sumParts'),
    getKernel(device, SHADER, 'mergeParts'),
  ]);
  const uniforms = await scope.allocate('settings of softmax sums', sumKernel.uniformBytes, UNIFORM);
  const mostParts = Math.max(height * Math.ceil(width / PART), width * Math.ceil(height / PART));
  const parts = await scope.allocate(
    'softmax sums of parts',
    mostParts * TOTAL_BYTES,
    GPUBufferUsage.STORAGE,
  );

  return async (cosines, block, side, { totals, lists }, signal) => {
    const isOfPictures = side === 'pictures';
    const owners: Band = isOfPictures ? block.pictures : block.labels;
    const others: Band = isOfPictures ? block.labels : block.pictures;
    const pace = paceOf(lists ? `similarity lists of ${side}` : `similarity sums of ${side}`);
    const allParts = Math.ceil(others.rows / PART);
    let ownerCount = 0;
    for (let firstOwner = 0; firstOwner < owners.rows; firstOwner += ownerCount) {
      const room = () => pace.budget / ELEMENTS_OF_PAIR / PART;
      ownerCount = Math.min(owners.rows - firstOwner, Math.max(1, Math.floor(room())));
      let partCount = 0;
      for (let firstPart = 0; firstPart < allParts; firstPart += partCount) {
        signal?.throwIfAborted();
        partCount = Math.min(allParts - firstPart, Math.max(1, Math.floor(room() / ownerCount)));
        const values = {
          owners: ownerCount,
          parts: partCount,
          firstOwner,
          firstPart,
          others: others.rows,
          othersBefore: others.first,
          ownerStride: isOfPictures ? block.labels.rows : 1,
          otherStride: isOfPictures ? 1 : block.labels.rows,
          k: lists?.k ?? 0,
          isFirst: others.first === 0 && firstPart === 0 ? 1 : 0,
          scale,
        };
        // All three have the same settings, so one buffer serves them.
        const shared = { uniforms, values } as const;
        const groups = Math.ceil(ownerCount / GROUP_SIZE);
        const dispatches: Dispatch[] = [
          { ...shared, kernel: sumKernel, storage: { cosines, parts }, workgroups: [groups, partCount] },
          { ...shared, kernel: mergeKernel, storage: { parts, totals }, workgroups: [groups] },
        ];
        if (lists) {
          const kernel = await getKernel(device, SHADER, 'rankParts');
          const storage = { cosines, parts, lists: lists.entries };
          dispatches.push({ ...shared, kernel, storage, workgroups: [groups] });
        }
        await submitPaced(device, pace, ownerCount * partCount * PART * ELEMENTS_OF_PAIR, dispatches);
      }
    }
  };
}
