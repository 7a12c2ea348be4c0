import { type Comparison, createComparison } from '../../src/compare/create-comparison.ts';
import type { MetricEngine } from '../../src/metrics/engine.ts';
import { randomSet, unitSet } from '../data.mjs';
import { type Contender, measureInTurns, type Verdict } from '../measure.ts';
import type { Task } from '../task.ts';

const REPETITIONS = 3;

const METRICS = ['cosine', 'euclidean', 'manhattan', 'hamming'] as const;

/** `found` is 1 where all is right. */
type Check = { readonly found: number; readonly says: string };

/** All numbers that compare four metrics and two maps, step by step. */
function compareTask(id: string, rows: number, dimension: number, isForGpu: boolean): Task {
  return {
    id,
    title: `Four metrics compared, and two maps held against each, ${rows.toLocaleString('en-US')} × ${dimension}`,
    note: `Agreement: overlap@5, 15, 50 and rank-biased overlap of all six pairs of metrics. Correlations: Pearson, Spearman and Kendall of the same. Honesty: trustworthiness, continuity and neighbors kept @15, 50, 150, Shepard diagram, triplets, of two maps under one metric. Rows have length 1, so that Euclidean and cosine must agree.${isForGpu ? ' For a real GPU; elsewhere with --slow.' : ''}`,
    async measure({ ours, gpu, isSlow }) {
      if (isForGpu && !isSlow && (gpu?.adapter.isFallback ?? true)) return [];
      const set = unitSet(rows, dimension, 1);
      const metrics = METRICS.map((metric) => ({ set, options: { metric } }));
      const maps = [2, 3].map((seed) => ({ positions: randomSet(rows, 2, seed).vectors, dimensions: 2 }));
      const contenders = ours.flatMap(({ name, engine }) => steps(name, engine, metrics, maps));
      return measureInTurns<Check>(
        contenders,
        ({ found, says }): Verdict => ({ isRight: Math.abs(found - 1) < 0.01, says }),
        REPETITIONS,
      );
    },
  };
}

function steps(
  name: string,
  engine: MetricEngine,
  metrics: Parameters<Comparison['agreement']>[0],
  maps: Parameters<Comparison['honesty']>[0]['maps'],
): Contender<Check>[] {
  const comparison = createComparison(engine);
  return [
    {
      name: `${name}: agreement`,
      async run() {
        const share = (await comparison.agreement(metrics)).pairs[0]?.overlaps[1]?.share ?? 0;
        return { found: share, says: `cosine and Euclidean share ${share.toFixed(4)} @15` };
      },
    },
    {
      name: `${name}: correlations`,
      async run() {
        const { pairs, count } = await comparison.correlations(metrics);
        const tau = pairs[0]?.kendall ?? 0;
        return { found: tau, says: `τ of cosine and Euclidean ${tau.toFixed(4)}, ${count} pairs` };
      },
    },
    ...metrics.map(({ set, options }, place) => ({
      name: `${name}: honesty, ${options.metric}`,
      async run() {
        const { maps: measured, chance } = await comparison.honesty({ set, options, maps });
        const trust = measured[0]?.sizes[0]?.trustworthiness.value ?? 0;
        // The maps are random: what chance gives is known.
        const found = trust / (chance.sizes[0]?.trustworthiness ?? 1);
        return { found, says: `trustworthiness ${found.toFixed(4)} of what chance gives` };
      },
      ...(place === metrics.length - 1 ? { close: () => comparison.dispose() } : {}),
    })),
  ];
}

export const compare2000 = compareTask('compare-2000', 2_000, 64, false);
/** Minutes on a software adapter. */
export const compare10000 = compareTask('compare-10000', 10_000, 512, true);
