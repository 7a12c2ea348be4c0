import {
  checkK,
  checkOptions,
  checkPairs,
  checkRanking,
  checkSameDimension,
  checkScale,
  countRows,
} from './check.ts';
import { checkSummary } from './check-summary.ts';
import { WorkerHost } from './cpu/host.ts';
import type { MetricEngine, MetricSet } from './engine.ts';
import { checkComparable, type NamedSet } from './sets.ts';

/**
 * The engine for pages without a usable GPU: the same functions in a worker. Sets are copied to the worker once and kept
 * by the identity of their array of numbers: do not change an array after giving it.
 */
export function createCpuEngine(): MetricEngine {
  const host = new WorkerHost();
  return {
    path: 'cpu',

    async neighbors(base, { queries, ...options }, job = {}) {
      checkOptions(options);
      checkK(countRows(base, 'The vectors'), { ...options, queries });
      const { first, second } = openPair(base, 'The vectors', queries, 'The queries');
      checkComparable(options.metric, second, first);
      const question = { ...options, leaveOutSelf: !queries };
      return host.run(second, first, job, 'Finding neighbors', (worker, order, progress) =>
        worker.neighbors(order, question, progress),
      );
    },

    async distances(rows, { columns, ...options }, job = {}) {
      checkOptions(options);
      const { first, second, size } = openPair(rows, 'The vectors', columns, 'The columns');
      checkPairs(size.first, size.second);
      checkComparable(options.metric, first, second);
      return host.run(first, second, job, 'Measuring distances', (worker, order, progress) =>
        worker.distances(order, options, progress),
      );
    },

    async *distanceRows(rows, { columns, ...options }, job = {}) {
      checkOptions(options);
      const { first, second } = openPair(rows, 'The vectors', columns, 'The columns');
      checkComparable(options.metric, first, second);
      yield* host.stream(first, second, options, job, 'Measuring distances');
    },

    async summarize(rows, { columns, ...options }, job = {}) {
      checkOptions(options);
      const { first, second, size } = openPair(rows, 'The vectors', columns, 'The columns');
      const shape = checkSummary(size.first, size.second, options);
      checkComparable(options.metric, first, second);
      return host.run(first, second, job, 'Summarizing distances', (worker, order, progress) =>
        worker.summary(order, { ...options, shape }, progress),
      );
    },

    async similarity(pictures, labels, { scale = 100 } = {}, job = {}) {
      const { first, second, size } = openPair(pictures, 'The pictures', labels, 'The labels');
      checkComparable('cosine', first, second);
      checkPairs(size.first, size.second);
      checkScale(scale);
      return host.run(first, second, job, 'Comparing pictures and labels', (worker, order, progress) =>
        worker.similarity(order, scale, progress),
      );
    },

    async rankSimilarity(pictures, labels, { scale = 100, labelsPerPicture, picturesPerLabel }, job = {}) {
      checkRanking({ labelsPerPicture, picturesPerLabel });
      const { first, second } = openPair(pictures, 'The pictures', labels, 'The labels');
      checkComparable('cosine', first, second);
      checkScale(scale);
      const question = { scale, labelsPerPicture, picturesPerLabel };
      return host.run(first, second, job, 'Ranking pictures and labels', (worker, order, progress) =>
        worker.ranking(order, question, progress),
      );
    },

    dispose() {
      host.dispose();
    },
  };
}

/** Two sets with their names, the second again the first where there is none; both counted and known to fit each other. */
function openPair(set: MetricSet, what: string, other: MetricSet | undefined, whatOther: string) {
  const first: NamedSet = { set, what };
  const second: NamedSet = other ? { set: other, what: whatOther } : first;
  const size = { first: countRows(set, what), second: countRows(second.set, second.what) };
  checkSameDimension(set, what, second.set, second.what);
  return { first, second, size };
}
