import { expose, transfer } from 'comlink';
import { checkValues } from '../check.ts';
import type { MetricSet, Neighbors, Similarity } from '../engine.ts';
import { asVectors } from '../sets.ts';
import { computeDistances, computeNeighbors, computeSimilarity, type Question, type Turn } from './jobs.ts';
import { KnownSet } from './measure.ts';

/** A set that this worker keeps, or one for this call only; and what messages call it. */
export type SetArgument = { readonly what: string } & (
  | { readonly kept: number }
  | { readonly set: MetricSet }
);

export type Progress = (done: number, total: number) => void;

/** Long jobs give the thread up this often, so that a search gets its turn and a cancel is heard. */
const TURN_MS = 20;

const sets = new Map<number, KnownSet>();
const cancelled = new Set<number>();

const api = {
  keep(id: number, set: MetricSet, what: string): void {
    sets.set(id, admit(set, what));
  },

  forget(id: number): void {
    sets.delete(id);
  },

  cancel(job: number): void {
    cancelled.add(job);
  },

  async distances(
    job: number,
    rows: SetArgument,
    columns: SetArgument,
    question: Question,
    progress?: Progress,
  ): Promise<Float32Array<ArrayBuffer>> {
    const [a, b] = openPair(rows, columns);
    const result = await run(job, progress, (turn) => computeDistances(a, b, question, turn));
    return transfer(result, [result.buffer]);
  },

  async neighbors(
    job: number,
    rows: SetArgument,
    columns: SetArgument,
    question: Question & { readonly k: number; readonly leaveOutSelf: boolean },
    progress?: Progress,
  ): Promise<Neighbors> {
    const [a, b] = openPair(rows, columns);
    const result = await run(job, progress, (turn) => computeNeighbors(a, b, question, turn));
    return transfer(result, [result.indices.buffer, result.distances.buffer]);
  },

  async similarity(
    job: number,
    pictures: SetArgument,
    labels: SetArgument,
    scale: number,
    progress?: Progress,
  ): Promise<Similarity> {
    const [a, b] = openPair(pictures, labels);
    const result = await run(job, progress, (turn) => computeSimilarity(a, b, scale, turn));
    return transfer(result, [result.logits.buffer, result.overLabels.buffer, result.overPictures.buffer]);
  },
};

export type CpuWorker = typeof api;

expose(api);

function admit(metricSet: MetricSet, what: string): KnownSet {
  const set = asVectors(metricSet, what);
  checkValues(set, what, 0, set.vectors.length / set.dimension);
  return new KnownSet(set);
}

/** The same kept set twice is one: distances within a set know a row itself. */
function openPair(rows: SetArgument, columns: SetArgument): [KnownSet, KnownSet] {
  const open = (argument: SetArgument): KnownSet => {
    if ('set' in argument) return admit(argument.set, argument.what);
    const known = sets.get(argument.kept);
    if (!known) throw new RangeError(`${argument.what} are no longer kept by the worker.`);
    return known;
  };
  return [open(rows), open(columns)];
}

async function run<T>(
  job: number,
  progress: Progress | undefined,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  let last = performance.now();
  try {
    return await work((done, total) => {
      if (performance.now() - last < TURN_MS && done < total) return undefined;
      return nextTurn().then(() => {
        if (cancelled.has(job)) throw new DOMException('The job was cancelled.', 'AbortError');
        progress?.(Math.min(done, total), total);
        last = performance.now();
      });
    });
  } finally {
    cancelled.delete(job);
  }
}

/** Lets messages in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
