import { type Job, orAborted } from '../common/job.ts';
import { createWorkerJobs, type WorkerJob } from '../common/worker-jobs.ts';
import type { MatrixPicture } from './picture.ts';
import type { Distances } from './scale.ts';
import type { MatrixWork, PictureQuestion } from './work.ts';

/** Some whole rows of a distance matrix, from the first to the last. */
export interface RowBlock {
  readonly firstRow: number;
  readonly distances: Float32Array<ArrayBuffer>;
}

/** Distance matrices in a worker, by name. */
export interface OpenMatrixWork {
  /** Whether the worker has failed or was disposed of: it answers nothing any more, and another is to be opened. */
  readonly isOver: boolean;
  /** Keeps the rows that the stream gives. After an abort or a failure it is as if the name had never been told. */
  keep(
    name: string,
    size: Pick<Distances, 'count' | 'nearest'>,
    stream: AsyncIterable<RowBlock>,
    job?: Job,
  ): Promise<void>;
  has(name: string): boolean;
  /** Forgets all but these. */
  keepOnly(names: readonly string[]): Promise<void>;
  picture(question: PictureQuestion, job?: Job): Promise<MatrixPicture>;
  pair(names: readonly string[], a: number, b: number): Promise<number[]>;
  inOrder(name: string, order: Uint32Array<ArrayBuffer>, job?: Job): Promise<Float32Array<ArrayBuffer>>;
  /** The rows again, about 4 MB at a time. */
  rows(name: string, count: number): AsyncGenerator<RowBlock, void>;
  dispose(): void;
}

// Of one message, so that the page hands over no more than the engines do.
const BLOCK_NUMBERS = 2 ** 20;

export async function openMatrixWork(): Promise<OpenMatrixWork> {
  const jobs = createWorkerJobs<MatrixWork>(
    'distance matrix',
    () => new Worker(new URL('./matrix-worker.ts', import.meta.url), { type: 'module', name: 'matrix' }),
  );
  const { worker, signal: ended } = await new Promise<WorkerJob<MatrixWork>>((resolve, reject) => {
    // One job that lasts until it is disposed of.
    const use = (running: WorkerJob<MatrixWork>) => {
      resolve(running);
      return new Promise<never>(() => undefined);
    };
    jobs.run(undefined, use).catch(reject);
  });
  const ask = <T>(answer: Promise<T>, { signal }: Job = {}): Promise<T> =>
    orAborted(orAborted(answer, ended), signal);
  const whole = new Set<string>();
  return {
    get isOver() {
      return ended.aborted;
    },
    has: (name) => whole.has(name),
    async keepOnly(names) {
      for (const name of whole) if (!names.includes(name)) whole.delete(name);
      await ask(worker.keepOnly([...names]));
    },
    async keep(name, { count, nearest }, stream, job = {}) {
      try {
        await ask(worker.begin(name, count, nearest), job);
        for await (const { firstRow, distances } of stream) {
          job.signal?.throwIfAborted();
          const { transfer } = await import('comlink');
          await ask(worker.take(name, firstRow, transfer(distances, [distances.buffer])), job);
        }
        whole.add(name);
      } catch (error) {
        if (!ended.aborted) await ask(worker.keepOnly([...whole]));
        throw error;
      }
    },
    picture: (question, job) => ask(worker.picture(question), job),
    pair: (names, a, b) => ask(worker.pair([...names], a, b)),
    inOrder: (name, order, job) => ask(worker.inOrder(name, order), job),
    async *rows(name, count) {
      const block = Math.max(1, Math.floor(BLOCK_NUMBERS / count));
      for (let firstRow = 0; firstRow < count; firstRow += block) {
        const rows = Math.min(block, count - firstRow);
        yield { firstRow, distances: await ask(worker.rows(name, firstRow, rows)) };
      }
    },
    dispose: () => jobs.dispose(),
  };
}
