/** Distances, order and picture of the matrix that a setting asks for, one after the other; what is known already is not made again. */
import { isAbort, type Job } from '../../common/job.ts';
import { sampleItems } from '../../compare/sample.ts';
import type { Id } from '../../data/item.ts';
import { type OpenMatrixWork, openMatrixWork } from '../../matrix/open-matrix-work.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import type { MetricId, VectorSet } from '../../metrics/engine.ts';
import { type CollectionSpace, SPACES } from '../collection.ts';
import { currentSpace } from '../commands/measure.ts';
import { messageOf, runJob } from '../jobs.ts';
import { rowsOf } from '../rows-of.ts';
import { collection, engine } from '../services.ts';
import { findOrder } from './order.ts';
import { type MatrixSetting, metricsOf, readMatrix, type ShownMatrix, writeMatrix } from './state.ts';

/** Beyond this many items a sample is shown: distances of 5,000 take 100 MB. */
const MOST_ITEMS = 5_000;
const SAMPLE_SEED = 1;
/** From so many items on the work shows on the page and can be cancelled there; with fewer it is over at once. */
const MANY_ITEMS = 400;

/** What is shown of a space. */
interface Subject {
  readonly ids: readonly Id[];
  readonly set: VectorSet;
  readonly total: number;
  /** For the names of its distances. */
  readonly number: number;
}

const subjects = new WeakMap<VectorSet, Subject>();
let lastNumber = 0;

let opened: Promise<OpenMatrixWork> | undefined;
let running: AbortController | undefined;
/** Settles when what is being made, or was stopped, is over. */
let over: Promise<unknown> = Promise.resolve();

/**
 * Makes the matrix of the present setting and shows it; whatever was being made is stopped first. Where it is stopped itself the page
 * stays as it was; what fails is said in the state.
 *
 * @returns the matrix, or undefined where it was stopped or replaced, has failed, or there is nothing to show
 */
export function makeMatrix(job: Job = {}): Promise<ShownMatrix | undefined> {
  running?.abort(new DOMException('Replaced.', 'AbortError'));
  const mine = new AbortController();
  running = mine;
  const before = over;
  const made = before.then(() => makeOne(mine, job));
  over = made;
  return made;
}

async function makeOne(mine: AbortController, job: Job): Promise<ShownMatrix | undefined> {
  const stop = () => mine.abort(job.signal?.reason);
  if (job.signal?.aborted) stop();
  job.signal?.addEventListener('abort', stop, { once: true });
  const { setting } = readMatrix();
  try {
    mine.signal.throwIfAborted();
    const subject = subjectOf(spaceOf(setting));
    if (subject.ids.length < 2) {
      writeMatrix({ progress: { type: 'few' }, shown: undefined, looked: undefined });
      return undefined;
    }
    writeMatrix({ progress: { type: 'working' } });
    const shown = await make(setting, subject, { signal: mine.signal, onProgress: job.onProgress });
    mine.signal.throwIfAborted();
    writeMatrix({ shown, progress: { type: 'done' }, looked: undefined });
    return shown;
  } catch (error) {
    // Whoever replaced it says what is next.
    if (running === mine) say(error);
    return undefined;
  } finally {
    job.signal?.removeEventListener('abort', stop);
    if (running === mine) running = undefined;
  }
}

/** What was shown before stays, with the setting that it has. */
function say(error: unknown): void {
  const { shown } = readMatrix();
  if (!isAbort(error)) {
    console.warn(error);
    writeMatrix({ progress: { type: 'failed', reason: messageOf(error) } });
  } else if (shown) writeMatrix({ setting: shown.setting, progress: { type: 'done' } });
  else writeMatrix({ progress: { type: 'stopped' } });
}

async function make(setting: MatrixSetting, subject: Subject, job: Job): Promise<ShownMatrix> {
  const work = await openWork(job);
  const { ids, total, number } = subject;
  const metrics = metricsOf(setting);
  for (const metric of metrics) await measure(work, subject, metric, job);
  const names = metrics.map((metric) => nameOf(number, metric));
  const [upper = '', lower = upper] = names;
  const { showing, scale } = setting;
  const { order, tree, colors } = await withStrip(
    'Ordering by cluster',
    setting.order === 'cluster' ? ids.length : 0,
    job,
    (inner) => findOrder(ids, setting, work, upper, inner),
  );
  const picture = await work.picture({ showing, scale, upper, lower, order }, job);
  await work.keepOnly(names);
  return {
    setting,
    space: spaceOf(setting),
    ids: Array.from(order, (row) => ids[row] ?? ''),
    order,
    tree,
    colors,
    picture,
    names,
    total,
  };
}

/** The worker that is open, or another where it has failed: trying again must be able to help. */
async function openWork({ signal }: Job): Promise<OpenMatrixWork> {
  const known = await opened?.catch(() => undefined);
  if (known && !known.isOver) return known;
  signal?.throwIfAborted();
  opened = openMatrixWork();
  return opened;
}

async function measure(
  work: OpenMatrixWork,
  { ids, set, number }: Subject,
  metric: MetricId,
  outer: Job,
): Promise<void> {
  const name = nameOf(number, metric);
  if (work.has(name)) return;
  const { nearest, label } = catalogue[metric];
  await withStrip(`Measuring: ${label}`, ids.length, outer, async (job) => {
    const stream = (await engine()).distanceRows(set, { metric }, job);
    await work.keep(name, { count: ids.length, nearest }, stream, job);
  });
}

function withStrip<T>(title: string, items: number, job: Job, work: (job: Job) => Promise<T>): Promise<T> {
  return items < MANY_ITEMS ? work(job) : runJob({ title }, job, work);
}

const nameOf = (number: number, metric: MetricId) => `${number} ${metric}`;

function spaceOf({ space }: MatrixSetting): CollectionSpace {
  return SPACES.find((known) => known === space) ?? currentSpace();
}

/** All items of a space, or a seeded sample of them, in the order they were added. */
function subjectOf(space: CollectionSpace): Subject {
  const { ids, set } = collection.members(space);
  const known = subjects.get(set);
  if (known) return known;
  const total = ids.length;
  const rows = total > MOST_ITEMS ? [...sampleItems(total, MOST_ITEMS, SAMPLE_SEED)] : undefined;
  const number = ++lastNumber;
  const subject = rows
    ? { ids: rows.map((row) => ids[row] ?? ''), set: rowsOf(set, rows), total, number }
    : { ids, set, total, number };
  subjects.set(set, subject);
  return subject;
}

/** The exact distances of the pair at a cell: one, or that of each metric. */
export async function distancesAt(
  { names, order }: ShownMatrix,
  row: number,
  column: number,
): Promise<number[]> {
  const work = await opened;
  if (!work || !names.every((name) => work.has(name))) return [];
  return work.pair(names, order[row] ?? 0, order[column] ?? 0);
}

/** All distances as they are shown, count × count: of the upper metric unless told. */
export async function distancesInOrder(
  { names, order }: ShownMatrix,
  job: Job,
  which: 0 | 1 = 0,
): Promise<Float32Array<ArrayBuffer>> {
  const work = await opened;
  if (!work) throw new DOMException('The matrix was left before its distances were read.', 'AbortError');
  return work.inOrder(names[which] ?? '', order, job);
}

/** Stops what is being made and frees the distances. */
export function forgetMatrix(): void {
  running?.abort(new DOMException('The matrix was left.', 'AbortError'));
  running = undefined;
  const left = opened;
  opened = undefined;
  void left?.then(
    (work) => work.dispose(),
    () => undefined,
  );
  writeMatrix({ shown: undefined, looked: undefined, progress: { type: 'working' } });
}
