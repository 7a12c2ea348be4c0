import { expose, transfer } from 'comlink';
import { makeTurns } from '../../common/turns.ts';
import { checkValues } from '../check.ts';
import type {
  DistanceRows,
  DistanceSummary,
  MetricOptions,
  MetricSet,
  Neighbors,
  Similarity,
  SimilarityRanking,
} from '../engine.ts';
import { isSymbols } from '../sets.ts';
import type { Turn } from './blocks.ts';
import { computeDistances, openDistanceRows } from './distances.ts';
import { KnownSet, slices } from './known-set.ts';
import { computeNeighbors, type NeighborsQuestion } from './neighbors.ts';
import { computeRanking, computeSimilarity, type RankingQuestion } from './similarity.ts';
import { computeSummary, type SummaryQuestion } from './summary.ts';

/** A set that this worker keeps, or one for this call only; and what messages call it. */
export type SetArgument = { readonly what: string } & (
  | { readonly kept: number }
  | { readonly set: MetricSet }
);

export type Progress = (done: number, total: number) => void;

/** What every job is told: its number, by which it can be cancelled, and its two sets. */
export interface Order {
  readonly job: number;
  readonly rows: SetArgument;
  readonly columns: SetArgument;
}

const sets = new Map<number, Promise<KnownSet>>();
const streams = new Map<number, ReturnType<typeof openDistanceRows>>();
/** Jobs in work. */
const jobs = new Map<number, { isCancelled: boolean }>();

const api = {
  async keep(id: number, set: MetricSet, what: string): Promise<void> {
    const admitted = admit(set, what);
    sets.set(id, admitted);
    await admitted;
  },

  forget(id: number): void {
    sets.delete(id);
  },

  cancel(job: number): void {
    const running = jobs.get(job);
    if (running) running.isCancelled = true;
  },

  async distances(
    order: Order,
    options: MetricOptions,
    progress?: Progress,
  ): Promise<Float32Array<ArrayBuffer>> {
    return hand(await runPair(order, progress, (a, b, turn) => computeDistances(a, b, options, turn)));
  },

  async neighbors(order: Order, question: NeighborsQuestion, progress?: Progress): Promise<Neighbors> {
    return hand(await runPair(order, progress, (a, b, turn) => computeNeighbors(a, b, question, turn)));
  },

  async summary(order: Order, question: SummaryQuestion, progress?: Progress): Promise<DistanceSummary> {
    return hand(await runPair(order, progress, (a, b, turn) => computeSummary(a, b, question, turn)));
  },

  async similarity(order: Order, scale: number, progress?: Progress): Promise<Similarity> {
    return hand(await runPair(order, progress, (a, b, turn) => computeSimilarity(a, b, scale, turn)));
  },

  async ranking(order: Order, question: RankingQuestion, progress?: Progress): Promise<SimilarityRanking> {
    return hand(await runPair(order, progress, (a, b, turn) => computeRanking(a, b, question, turn)));
  },

  /** Begins a stream of rows, which holds on to its sets until it is closed. */
  async openRows(stream: number, order: Order, options: MetricOptions): Promise<void> {
    const next = await runPair(order, undefined, async (a, b) => openDistanceRows(a, b, options));
    streams.set(stream, next);
  },

  /** @returns the next rows of a stream, or undefined after the last */
  async nextRows(job: number, stream: number, progress?: Progress): Promise<DistanceRows | undefined> {
    const next = streams.get(stream);
    const piece = next && (await run(job, progress, next));
    return piece && hand(piece);
  },

  closeRows(stream: number): void {
    streams.delete(stream);
  },
};

export type CpuWorker = typeof api;

expose(api);

async function admit(set: MetricSet, what: string): Promise<KnownSet> {
  const known = new KnownSet(set, what);
  if (isSymbols(set)) return known;
  const turns = makeTurns();
  for (const [from, to] of slices(known.rows, set.dimension)) {
    checkValues(set, what, from, to - from);
    await turns();
  }
  return known;
}

async function openSet(argument: SetArgument): Promise<KnownSet> {
  if ('set' in argument) return admit(argument.set, argument.what);
  const known = sets.get(argument.kept);
  if (!known) throw new RangeError(`${argument.what} are no longer kept by the worker.`);
  return known;
}

function runPair<T>(
  { job, rows, columns }: Order,
  progress: Progress | undefined,
  work: (rows: KnownSet, columns: KnownSet, turn: Turn) => Promise<T>,
): Promise<T> {
  return run(job, progress, async (turn) => {
    // The same kept set twice is one: distances within a set know a row itself.
    return work(await openSet(rows), await openSet(columns), turn);
  });
}

async function run<T>(
  job: number,
  progress: Progress | undefined,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const state = { isCancelled: false };
  jobs.set(job, state);
  const turns = makeTurns();
  try {
    return await work((done, total) =>
      turns()?.then(() => {
        if (state.isCancelled) throw new DOMException('The job was cancelled.', 'AbortError');
        progress?.(Math.min(done, total), total);
      }),
    );
  } finally {
    jobs.delete(job);
  }
}

/** Gives the arrays of an answer away instead of copying them. */
function hand<T extends object>(answer: T): T {
  return transfer(answer, buffersOf(answer));
}

function buffersOf(answer: object): ArrayBuffer[] {
  if (ArrayBuffer.isView(answer)) return answer.buffer instanceof ArrayBuffer ? [answer.buffer] : [];
  return Object.values(answer).flatMap((part: unknown) =>
    typeof part === 'object' && part !== null ? buffersOf(part) : [],
  );
}
