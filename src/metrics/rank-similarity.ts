import type { Job } from '../common/job.ts';
import { makeTurns } from '../common/turns.ts';
import { BufferScope } from '../gpu/memory.ts';
import { readBuffer, submit } from '../gpu/submit.ts';
import type { Ranking, RankingOptions, SimilarityRanking } from './engine.ts';
import { type Band, cutBands, openCosineMeasure, type SimilarityPairing } from './similarity-blocks.ts';
import { allocateTotals, ENTRY_BYTES, openSums, TOTAL_BYTES, type Totals } from './similarity-sums.ts';

/**
 * The best labels of each picture and the best pictures of each label, with logits and probabilities: one pass over
 * blocks of cosines, each of which updates the softmax sums and the lists of the best of its pictures and of its labels.
 *
 * GPU memory beside the rows: `maxPairs` × 4 bytes for a block, and 8 bytes and 8 for each of the k best for every
 * label and for the pictures of one block.
 *
 * @returns at most as many as there are: k is smaller where a set is
 */
export async function computeRanking(
  pairing: SimilarityPairing,
  options: Pick<RankingOptions, 'labelsPerPicture' | 'picturesPerLabel'>,
  job: Job = {},
): Promise<SimilarityRanking> {
  const { gpu, pictures, labels } = pairing;
  const result = {
    labels: emptyRanking(pictures.rows, Math.min(options.labelsPerPicture, labels.rows)),
    pictures: emptyRanking(labels.rows, Math.min(options.picturesPerLabel, pictures.rows)),
  };
  const pairs = pictures.rows * labels.rows;
  const most = Math.max(result.labels.k, result.pictures.k);
  if (pairs === 0 || most === 0) return result;
  const scope = new BufferScope(gpu.memory);
  try {
    const cut = cutBands(pairing);
    const bytes = cut.height * cut.width * 4;
    const cosines = await scope.allocate('a block of cosines', bytes, GPUBufferUsage.STORAGE);
    const measure = await openCosineMeasure(pairing, scope);
    const add = await openSums(pairing, cut, scope);
    const read = await openReading(pairing, Math.max(cut.height, cut.width), most, scope);
    const ofPictures = result.labels.k > 0 && (await allocateTotals(cut.height, result.labels.k, scope));
    const ofLabels: Totals[] = [];
    if (result.pictures.k > 0) {
      for (const band of cut.labels) ofLabels.push(await allocateTotals(band.rows, result.pictures.k, scope));
    }
    let done = 0;
    const onPairs = (count: number) => {
      job.signal?.throwIfAborted();
      done += count;
      job.onProgress?.(done, pairs, 'Ranking pictures and labels');
    };
    for (const pictureBand of cut.pictures) {
      for (const [at, labelBand] of cut.labels.entries()) {
        const block = { pictures: pictureBand, labels: labelBand };
        await measure(block, cosines, job.signal, onPairs);
        if (ofPictures) await add(cosines, block, 'pictures', ofPictures, job.signal);
        const kept = ofLabels[at];
        if (kept) await add(cosines, block, 'labels', kept, job.signal);
      }
      if (ofPictures) await read(ofPictures, pictureBand, result.labels, job.signal);
    }
    for (const [at, labelBand] of cut.labels.entries()) {
      const kept = ofLabels[at];
      if (kept) await read(kept, labelBand, result.pictures, job.signal);
    }
    return result;
  } finally {
    scope.free();
  }
}

function emptyRanking(rows: number, k: number): Ranking {
  const count = rows * k;
  return {
    k,
    indices: new Uint32Array(count),
    logits: new Float32Array(count),
    probabilities: new Float32Array(count),
  };
}

// As in shaders/lib/cosine-key.wgsl.
const KEY_GRID = 2 ** 30;
const KEY_ZERO = 2 ** 31;

/** @returns what turns the sums and lists of one band into its part of a ranking, in float64 */
async function openReading({ gpu, scale }: SimilarityPairing, rows: number, k: number, scope: BufferScope) {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const [readTotals, readEntries] = await Promise.all([
    scope.allocate('softmax sums to read', rows * TOTAL_BYTES, usage),
    scope.allocate('lists of the best to read', rows * k * ENTRY_BYTES, usage),
  ]);
  const turn = makeTurns();
  return async ({ totals, lists }: Totals, band: Band, out: Ranking, signal: AbortSignal | undefined) => {
    if (!lists) return;
    signal?.throwIfAborted();
    const totalBytes = band.rows * TOTAL_BYTES;
    const listBytes = band.rows * out.k * ENTRY_BYTES;
    await submit(
      gpu.device,
      [],
      [
        { from: totals, to: readTotals, bytes: totalBytes },
        { from: lists.entries, to: readEntries, bytes: listBytes },
      ],
    );
    const [sums, entries] = await Promise.all([
      readBuffer(readTotals, totalBytes, (memory) => memory.slice(0)),
      readBuffer(readEntries, listBytes, (memory) => memory.slice(0)),
    ]);
    const largest = new Uint32Array(sums);
    const sum = new Float32Array(sums);
    const ordered = new BigUint64Array(entries);
    const words = new Uint32Array(entries);
    for (let row = 0; row < band.rows; row++) {
      const first = row * out.k;
      // As numbers of 64 bits, entries are in order of cosine and then, backwards, of number.
      ordered
        .subarray(first, first + out.k)
        .sort()
        .reverse();
      for (let slot = first; slot < first + out.k; slot++) {
        const at = band.first * out.k + slot;
        const key = words[2 * slot + 1] ?? 0;
        const power = Math.exp((scale * (key - (largest[2 * row] ?? 0))) / KEY_GRID);
        out.indices[at] = ~(words[2 * slot] ?? 0);
        out.logits[at] = (scale * (key - KEY_ZERO)) / KEY_GRID;
        out.probabilities[at] = power / (sum[2 * row + 1] ?? 0);
      }
      await turn();
      signal?.throwIfAborted();
    }
  };
}
