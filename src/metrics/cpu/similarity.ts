import type { Ranking, Similarity, SimilarityRanking } from '../engine.ts';
import { pauseIn, type Turn, turnOfPass, walkBlocks } from './blocks.ts';
import { type KnownSet, type Pause, slices } from './known-set.ts';
import { makeCosines } from './measure.ts';
import { NearestLists } from './nearest.ts';
import { SoftmaxSums } from './softmax.ts';

/** CLIP-style similarity of every picture and label. */
export async function computeSimilarity(
  pictures: KnownSet,
  labels: KnownSet,
  scale: number,
  turn: Turn,
): Promise<Similarity> {
  const [m, l] = [pictures.rows, labels.rows];
  const pairs = m * l;
  const logits = new Float32Array(pairs);
  const overLabels = new Float32Array(pairs);
  const overPictures = new Float32Array(pairs);
  const firstTurn = turnOfPass(turn, 0, 2);
  const cosines = await makeCosines(pictures, labels, pauseIn(firstTurn, 0, pairs));
  const ofPictures = new SoftmaxSums(m);
  const ofLabels = new SoftmaxSums(l);
  await walkBlocks(cosines, {}, firstTurn, (block, values) => {
    for (let r = 0; r < block.rows; r++) {
      for (let c = 0; c < block.columns; c++) {
        const at = (block.firstRow + r) * l + block.firstColumn + c;
        const logit = scale * (values[r * block.columns + c] ?? 0);
        logits[at] = logit;
        // What rounding took away waits here for the second pass: its exponential would miss it.
        overPictures[at] = logit - (logits[at] ?? 0);
        ofPictures.add(block.firstRow + r, logit);
        ofLabels.add(block.firstColumn + c, logit);
      }
    }
  });
  for (const [from, to] of slices(m, l)) {
    for (let i = from; i < to; i++) {
      for (let j = 0; j < l; j++) {
        const at = i * l + j;
        const logit = (logits[at] ?? 0) + (overPictures[at] ?? 0);
        overLabels[at] = ofPictures.probability(i, logit);
        overPictures[at] = ofLabels.probability(j, logit);
      }
    }
    await turn(pairs + to * l, 2 * pairs);
  }
  return { logits, overLabels, overPictures };
}

export interface RankingQuestion {
  readonly scale: number;
  readonly labelsPerPicture: number;
  readonly picturesPerLabel: number;
}

/**
 * The best of each side, in one pass that keeps no pairs. Both numbers of the best may be more than there are, or 0.
 * They are in order of the cosine in float64, which shows more than a 32-bit logit.
 */
export async function computeRanking(
  pictures: KnownSet,
  labels: KnownSet,
  question: RankingQuestion,
  turn: Turn,
): Promise<SimilarityRanking> {
  const [m, l] = [pictures.rows, labels.rows];
  const pairs = m * l;
  const cosines = await makeCosines(pictures, labels, pauseIn(turn, 0, pairs));
  const { scale } = question;
  const ofPictures = new Best(m, Math.min(question.labelsPerPicture, l), scale);
  const ofLabels = new Best(l, Math.min(question.picturesPerLabel, m), scale);
  await walkBlocks(cosines, {}, turn, (block, values) => {
    for (let r = 0; r < block.rows; r++) {
      for (let c = 0; c < block.columns; c++) {
        const cosine = values[r * block.columns + c] ?? 0;
        ofPictures.add(block.firstRow + r, block.firstColumn + c, cosine);
        ofLabels.add(block.firstColumn + c, block.firstRow + r, cosine);
      }
    }
  });
  const pause = pauseIn(turn, pairs, pairs);
  return { labels: await ofPictures.rank(pause), pictures: await ofLabels.rank(pause) };
}

/** The best k of one side for each of the other, and the softmax over all of them. */
class Best {
  readonly #k: number;
  readonly #scale: number;
  readonly #sums: SoftmaxSums;
  readonly #lists: NearestLists<Float64Array<ArrayBuffer>>;

  constructor(count: number, k: number, scale: number) {
    this.#k = k;
    this.#scale = scale;
    this.#sums = new SoftmaxSums(count);
    this.#lists = new NearestLists(new Float64Array(count * k), count, k, 'largest');
  }

  add(list: number, index: number, cosine: number): void {
    if (this.#k === 0) return;
    this.#sums.add(list, this.#scale * cosine);
    this.#lists.offer(list, index, cosine);
  }

  async rank(pause: Pause): Promise<Ranking> {
    const { indices, values } = await this.#lists.finish(pause);
    const logits = Float32Array.from(values, (cosine) => this.#scale * cosine);
    const probabilities = Float32Array.from(values, (cosine, at) =>
      this.#sums.probability(Math.floor(at / this.#k), this.#scale * cosine),
    );
    return { k: this.#k, indices, logits, probabilities };
  }
}
