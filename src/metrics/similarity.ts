import softmaxWgsl from '../../shaders/similarity-softmax.wgsl?raw';
import type { Job } from '../common/job.ts';
import { getKernel } from '../gpu/kernel.ts';
import { BufferScope } from '../gpu/memory.ts';
import { type Dispatch, readBuffer, submit } from '../gpu/submit.ts';
import { UNIFORM } from './distances.ts';
import type { Similarity } from './engine.ts';
import {
  type Band,
  type Block,
  cutBands,
  openCosineMeasure,
  type SimilarityPairing,
  similarityShader,
  submitPaced,
} from './similarity-blocks.ts';
import { allocateTotals, ELEMENTS_OF_PAIR, openSums, type Totals } from './similarity-sums.ts';

const SHADER = similarityShader('shaders/similarity-softmax.wgsl', softmaxWgsl);
const GROUP_SIZE = 64;
// Logits and two softmaxes.
const RESULTS = 3;

/**
 * CLIP-style similarity: logits and both softmaxes, by two passes over blocks. The first measures cosines and adds up
 * the softmax sums of every picture and label; the second needs them all. Between the passes the cosines wait in memory
 * that the result needs anyway (or on the GPU, when one block holds them all), so nothing is measured twice.
 *
 * GPU memory beside the rows: `maxPairs` × 14 bytes, and 8 bytes a picture and a label.
 */
export async function computeSimilarity(pairing: SimilarityPairing, job: Job = {}): Promise<Similarity> {
  const { gpu, pictures, labels } = pairing;
  const pairs = pictures.rows * labels.rows;
  const result: Similarity = {
    logits: new Float32Array(pairs),
    overLabels: new Float32Array(pairs),
    overPictures: new Float32Array(pairs),
  };
  if (pairs === 0) return result;
  const scope = new BufferScope(gpu.memory);
  try {
    const cut = cutBands(pairing);
    const cosines = await openCosines(pairing, cut, result, scope);
    const measure = await openCosineMeasure(pairing, scope);
    const add = await openSums(pairing, cut, scope);
    const normalize = await openNormalize(pairing, cut, scope);
    const ofPictures = await allocateBands(cut.pictures, scope);
    const ofLabels = await allocateBands(cut.labels, scope);
    let done = 0;
    const onPairs = (count: number) => {
      job.signal?.throwIfAborted();
      done += count;
      job.onProgress?.(done, 2 * pairs, 'Comparing pictures and labels');
    };
    for (const [picturePart, pictureTotals] of ofPictures) {
      for (const [labelPart, labelTotals] of ofLabels) {
        const block = { pictures: picturePart, labels: labelPart };
        await measure(block, cosines.buffer, job.signal, onPairs);
        await add(cosines.buffer, block, 'pictures', pictureTotals, job.signal);
        await add(cosines.buffer, block, 'labels', labelTotals, job.signal);
        await cosines.putAway(block);
      }
    }
    for (const [picturePart, pictureTotals] of ofPictures) {
      for (const [labelPart, labelTotals] of ofLabels) {
        const block = { pictures: picturePart, labels: labelPart };
        await normalize(
          block,
          cosines,
          [pictureTotals.totals, labelTotals.totals],
          result,
          job.signal,
          onPairs,
        );
      }
    }
    return result;
  } finally {
    scope.free();
  }
}

async function allocateBands(bands: readonly Band[], scope: BufferScope): Promise<[Band, Totals][]> {
  const kept: [Band, Totals][] = [];
  for (const band of bands) kept.push([band, await allocateTotals(band.rows, 0, scope)]);
  return kept;
}

type Cut = ReturnType<typeof cutBands>;
type Cosines = Awaited<ReturnType<typeof openCosines>>;

/** The one block of cosines on the GPU, and where the others wait meanwhile: in place of their softmax over pictures. */
async function openCosines(
  { gpu, labels }: SimilarityPairing,
  cut: Cut,
  { overPictures }: Similarity,
  scope: BufferScope,
) {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const bytes = cut.height * cut.width * 4;
  const buffer = await scope.allocate('a block of cosines', bytes, STORAGE | COPY_SRC | COPY_DST);
  if (cut.pictures.length * cut.labels.length === 1) {
    return { buffer, putAway: async () => undefined, bringBack: () => undefined };
  }
  const staging = await scope.allocate('a block of cosines to read', bytes, MAP_READ | COPY_DST);
  const waiting = new Uint32Array(overPictures.buffer);
  return {
    buffer,
    async putAway(block: Block): Promise<void> {
      const blockBytes = block.pictures.rows * block.labels.rows * 4;
      await submit(gpu.device, [], [{ from: buffer, to: staging, bytes: blockBytes }]);
      await readBuffer(staging, blockBytes, (memory) => {
        const keys = new Uint32Array(memory);
        eachRow(block, labels.rows, (inBlock, inAll) => waiting.set(keys.subarray(...inBlock), inAll[0]));
      });
    },
    /** @param part some pictures of the block, the first of them at `offset` */
    bringBack(part: Block, offset: number): void {
      const keys = new Uint32Array(part.pictures.rows * part.labels.rows);
      eachRow(part, labels.rows, (inPart, inAll) => keys.set(waiting.subarray(...inAll), inPart[0]));
      gpu.device.queue.writeBuffer(buffer, offset * part.labels.rows * 4, keys);
    },
  };
}

type Range = [start: number, stop: number];

/** Where each row of a block stands in an array of the block, and where in one of all pictures × labels. */
function eachRow(
  { pictures, labels }: Block,
  allLabels: number,
  use: (inBlock: Range, inAll: Range) => void,
) {
  for (let row = 0; row < pictures.rows; row++) {
    const start = row * labels.rows;
    const place = (pictures.first + row) * allLabels + labels.first;
    use([start, start + labels.rows], [place, place + labels.rows]);
  }
}

/** @returns what writes a block's part of the result, in several submits */
async function openNormalize(pairing: SimilarityPairing, cut: Cut, scope: BufferScope) {
  const { gpu, labels, scale, paceOf } = pairing;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const kernel = await getKernel(gpu.device, SHADER, 'normalize');
  const uniforms = await scope.allocate('settings of a softmax', kernel.uniformBytes, UNIFORM);
  const mostRows = Math.max(1, Math.floor(cut.height / 4));
  const bytes = mostRows * cut.width * RESULTS * 4;
  const [results, staging] = await Promise.all([
    scope.allocate('a block of logits and probabilities', bytes, STORAGE | COPY_SRC),
    scope.allocate('a block of logits and probabilities to read', bytes, MAP_READ | COPY_DST),
  ]);
  const pace = paceOf('similarity softmax');

  return async (
    block: Block,
    cosines: Cosines,
    [pictureTotals, labelTotals]: readonly [GPUBuffer, GPUBuffer],
    out: Similarity,
    signal: AbortSignal | undefined,
    onPairs: (pairs: number) => void,
  ): Promise<void> => {
    const width = block.labels.rows;
    let rows = 0;
    for (let first = 0; first < block.pictures.rows; first += rows) {
      signal?.throwIfAborted();
      const room = Math.max(1, Math.floor(pace.budget / ELEMENTS_OF_PAIR / width));
      rows = Math.min(block.pictures.rows - first, mostRows, room);
      const pairs = rows * width;
      const part = { pictures: { first: block.pictures.first + first, rows }, labels: block.labels };
      cosines.bringBack(part, first);
      const normalize: Dispatch = {
        kernel,
        uniforms,
        values: { pictures: rows, labels: width, firstPicture: first, scale },
        storage: { cosines: cosines.buffer, pictureTotals, labelTotals, results },
        workgroups: [Math.ceil(pairs / GROUP_SIZE)],
      };
      const copy = { from: results, to: staging, bytes: pairs * RESULTS * 4 };
      await submitPaced(gpu.device, pace, pairs * ELEMENTS_OF_PAIR, [normalize], [copy]);
      await readBuffer(staging, copy.bytes, (memory) => {
        [out.logits, out.overLabels, out.overPictures].forEach((array, at) => {
          const values = new Float32Array(memory, at * pairs * 4, pairs);
          eachRow(part, labels.rows, (inPart, inAll) => array.set(values.subarray(...inPart), inAll[0]));
        });
      });
      onPairs(pairs);
    }
  };
}
