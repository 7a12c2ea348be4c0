import type { Rows } from '../training/learner.ts';
import { effectiveRank, singularValuesOf } from './rank.ts';
import { checkRows } from './rows.ts';
import { scalesOf } from './standardize.ts';

/** `complete`: all items have nearly one embedding; `dimensional`: they differ in few directions only. */
export type Collapse = 'none' | 'dimensional' | 'complete';

/** How much of its space a set of embeddings uses. */
export interface Spread {
  /** Standard deviation of each dimension, largest first. */
  readonly deviations: Float64Array<ArrayBuffer>;
  /** Singular values of the centered rows over √n, largest first: the deviations along the directions of most spread. */
  readonly directions: Float64Array<ArrayBuffer>;
  /** Effective rank as published, of the rows as they are: 1 when all items have one embedding. */
  readonly rank: number;
  /** Effective rank of the rows less their mean, so of what differs between items: 0 when nothing does. */
  readonly centeredRank: number;
  /** Largest rank possible: min(d, n). */
  readonly most: number;
  /** √( Σ‖z − mean‖² / Σ‖z‖² ), in 0..1: the part of an embedding that differs from item to item. */
  readonly share: number;
  readonly collapse: Collapse;
  readonly n: number;
}

// Below it two items have a cosine of 0.9975 on average. The lab's encoders begin, at random weights, at 0.17 to 0.35.
const COMPLETE = 0.05;
// Of the largest rank. The lab's encoders begin, at random weights and 64 dimensions, at a third and more.
const DIMENSIONAL = 1 / 8;

/**
 * Spread of every dimension, effective rank (Roy and Vetterli 2007; as a measure of learned embeddings: Garrido et al. 2023) and whether the space has
 * collapsed: completely when less than a twentieth of an embedding differs from item to item, dimensionally (Jing et al. 2022) when what differs has
 * an effective rank below an eighth of what is possible. Neither sees a space that shrinks as a whole, mean and differences alike, as VICReg's does
 * behind the expander when its variance is left out: that, the deviations tell. A run told few levels apart, such as a supervised one with eight classes, may rightly have few directions.
 *
 * @param rows n × d, not normalized
 * @throws {UnfitRows} when rows are not finite, or fewer than two
 */
export function measureSpread(rows: Rows): Spread {
  checkRows(rows, 'Embeddings', 2);
  const { values, count: n, width } = rows;
  const { deviation } = scalesOf(rows);
  const squares = values.reduce((sum, value) => sum + value * value, 0) / n;
  const variance = deviation.reduce((sum, of) => sum + of * of, 0);
  const centered = singularValuesOf(rows, true);
  const share = squares > 0 ? Math.min(1, Math.sqrt(variance / squares)) : 0;
  const centeredRank = effectiveRank(centered);
  const most = Math.min(width, n);
  return {
    deviations: Float64Array.from(deviation).sort().reverse(),
    directions: centered.map((value) => value / Math.sqrt(n)),
    rank: effectiveRank(singularValuesOf(rows)),
    centeredRank,
    most,
    share,
    collapse: collapseOf(share, centeredRank / most),
    n,
  };
}

function collapseOf(share: number, rankShare: number): Collapse {
  if (share < COMPLETE) return 'complete';
  return rankShare < DIMENSIONAL ? 'dimensional' : 'none';
}
