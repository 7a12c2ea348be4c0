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
 * Probabilities are those of the logits as they are returned.
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
  const ofPictures = new Best(m, Math.min(question.labelsPerPicture, l));
  const ofLabels = new Best(l, Math.min(question.picturesPerLabel, m));
  await walkBlocks(cosines, {}, turn, (block, values) => {
    for (let r = 0; r < block.rows; r++) {
      for (let c = 0; c < block.columns; c++) {
        const logit = question.scale * (values[r * block.columns + c] ?? 0);
        ofPictures.add(block.firstRow + r, block.firstColumn + c, logit);
        ofLabels.add(block.firstColumn + c, block.firstRow + r, logit);
      }
    }
  });
  const pause = pauseIn(turn, pairs, pairs);
  return { labels: await ofPictures.rank(pause), pictures: await ofLabels.rank(pause) };
}

/** The best k of one side for each of the other, and the softmax over all of them. */
class Best {
  readonly #k: number;
  readonly #sums: SoftmaxSums;
  readonly #lists: NearestLists;

  constructor(count: number, k: number) {
    this.#k = k;
    this.#sums = new SoftmaxSums(count);
    this.#lists = new NearestLists(count, k, true);
  }

  add(list: number, index: number, logit: number): void {
    if (this.#k === 0) return;
    this.#sums.add(list, logit);
    this.#lists.offer(list, index, Math.fround(logit));
  }

  async rank(pause: Pause): Promise<Ranking> {
    const { k, indices, distances: logits } = await this.#lists.finish(pause);
    const probabilities = logits.map((logit, at) => this.#sums.probability(Math.floor(at / k), logit));
    return { k, indices, logits, probabilities };
  }
}
