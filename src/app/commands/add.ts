import { isAbort, type Job, orAborted } from '../../common/job.ts';
import { intake, textItems } from '../../data/intake.ts';
import type { Failure, Id, TextItem } from '../../data/item.ts';
import { fromClipboard, fromFiles, type Source } from '../../data/sources.ts';
import type { Added } from '../handle.ts';
import { messageOf, notify, runJob } from '../jobs.ts';
import { collection, decoder, embedder } from '../services.ts';
import { readApp, writeApp } from '../store.ts';
import { onlyTakes } from '../takes.ts';
import { count } from '../words.ts';
import { arrange, isArranging } from './arrange.ts';
import { embedAll, type Waiting } from './embed.ts';
import { keep } from './keep.ts';
import { refreshSearch } from './search.ts';

/** Pictures embedded and shown at a time: enough to keep the model busy, few enough that the map fills in as one watches. */
const BATCH = 8;

/** The map takes new items in when they are this share of what it shows, so that a long intake is not all layout. */
const JOIN_SHARE = 0.25;

export function addFiles(files: readonly File[], options?: Job): Promise<Added> {
  return addSources(fromFiles(files), options);
}

export async function addPasted(clipboard: DataTransfer): Promise<void> {
  const { sources, text } = fromClipboard(clipboard);
  if (sources.length > 0) await addSources(sources);
  else if (text.trim() !== '') await addItems(await textItems(text, 'pasted'));
  else notify('info', 'There is no picture and no text on the clipboard.');
}

export async function addTexts(texts: readonly string[], options?: Job): Promise<Added> {
  const parts = await Promise.all(texts.map((text) => textItems(text, 'typed')));
  return addItems(
    { items: parts.flatMap(({ items }) => items), refused: parts.flatMap(({ refused }) => refused) },
    options,
  );
}

export async function addSamples(options?: Job): Promise<Added> {
  const { loadSamples } = await import('../../data/samples.ts');
  const sources = await runJob({ title: 'Loading the sample set', unit: 'bytes' }, options, (job) =>
    loadSamples('samples/', job),
  );
  return addSources(sources, options);
}

export async function addSources(
  sources: Iterable<Source> | AsyncIterable<Source>,
  options?: Job,
): Promise<Added> {
  return adding(options, async (tally, job, progress) => {
    const model = await orAborted(embedder(), job.signal);
    const waiting: Waiting[] = [];
    const flush = () => tally.land(waiting.splice(0), model, job);
    const events = intake(
      sources,
      { known: (id) => collection.has(id), preparation: model.info.preparation, decoder: decoder() },
      { signal: job.signal, onProgress: progress.files },
    );
    for await (const event of events) {
      if (event.type === 'known') tally.known.push(event.id);
      else if (event.type === 'failed') tally.fail(event.failure);
      else waiting.push(event);
      if (waiting.length >= BATCH) await flush();
    }
    await flush();
  });
}

async function addItems(
  { items, refused }: { readonly items: readonly TextItem[]; readonly refused: readonly Failure[] },
  options?: Job,
): Promise<Added> {
  return adding(options, async (tally, job, progress) => {
    for (const failure of refused) tally.fail(failure);
    const fresh = new Map<Id, TextItem>();
    for (const item of items) {
      if (collection.has(item.id) || fresh.has(item.id)) tally.known.push(item.id);
      else fresh.set(item.id, item);
    }
    if (fresh.size === 0) return;
    const model = await orAborted(embedder(), job.signal);
    const waiting = [...fresh.values()];
    while (waiting.length > 0) {
      await tally.land(
        waiting.splice(0, BATCH * 4).map((item) => ({ item })),
        model,
        job,
      );
      progress.items(tally.done, items.length);
    }
  });
}

/** What came of an intake so far. */
class Tally implements Added {
  readonly added: Id[] = [];
  readonly known: Id[] = [];
  readonly failed: Failure[] = [];
  readonly #before = collection.size;
  #placed = collection.size;

  get done(): number {
    return this.added.length + this.known.length + this.failed.length;
  }

  /** More than half of the collection came now, so the map is best made anew. */
  get mostlyNew(): boolean {
    return this.added.length > this.#before;
  }

  fail(failure: Failure): void {
    this.failed.push(failure);
    writeApp((state) => ({ failures: [...state.failures, failure] }));
  }

  /** Embeds a batch and puts it on the page; now and then the map takes in what is new. */
  async land(batch: readonly Waiting[], model: Parameters<typeof embedAll>[1], job: Job): Promise<void> {
    if (batch.length === 0) return;
    const kept = await embedAll(batch, model, job);
    const added = new Set(await keep(kept));
    for (const { entry } of kept) (added.has(entry.item.id) ? this.added : this.known).push(entry.item.id);
    const waiting = collection.size - this.#placed;
    if (isArranging() || waiting < Math.max(BATCH, JOIN_SHARE * this.#placed)) return;
    this.#placed = collection.size;
    arrange().catch((error: unknown) => notify('error', messageOf(error)));
  }
}

/** Intakes that run now, each with its stop. */
const intakes = new Map<AbortController, Promise<unknown>>();

/** Cancels every intake and waits until nothing more comes in. */
export async function stopAdding(): Promise<void> {
  for (const controller of intakes.keys()) controller.abort(new DOMException('Cancelled.', 'AbortError'));
  await Promise.allSettled(intakes.values());
}

/** Whether an intake runs now. */
export const isAdding = (): boolean => intakes.size > 0;

/** Waits for the intakes that run now, whatever becomes of them. */
export async function addingEnds(): Promise<void> {
  await Promise.allSettled(intakes.values());
}

interface IntakeProgress {
  files(done: number, found: number): void;
  items(done: number, total: number): void;
}

/** Runs an intake with its progress on the page; a cancel keeps what is done. */
async function adding(
  options: Job | undefined,
  work: (tally: Tally, job: Job, progress: IntakeProgress) => Promise<void>,
): Promise<Added> {
  const tally = new Tally();
  let cancelled = false;
  try {
    const stop = new AbortController();
    const signal = options?.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const running = runJob({ title: 'Adding to the map', unit: 'items' }, { ...options, signal }, (job) =>
      work(tally, job, {
        files: (done, found) =>
          job.onProgress(done, found, `${count(tally.added.length, 'item')} in · files`),
        items: (done, total) => job.onProgress(done, total, 'Items'),
      }),
    );
    intakes.set(stop, running);
    await running.finally(() => intakes.delete(stop));
  } catch (error) {
    if (!isAbort(error)) throw error;
    cancelled = true;
  } finally {
    if (tally.added.length > 0) {
      await refreshSearch();
      await arrange({ fresh: tally.mostlyNew });
    }
  }
  report(tally, cancelled);
  return { added: tally.added, known: tally.known, failed: tally.failed };
}

function report({ added, known, failed }: Tally, cancelled: boolean): void {
  const apart = added.filter((id) => Object.keys(collection.get(id)?.vectors ?? {}).length === 0).length;
  const parts = [
    cancelled ? `Cancelled; ${count(added.length, 'item')} kept.` : `${count(added.length, 'item')} added.`,
    known.length > 0 ? `${known.length} ${known.length === 1 ? 'was' : 'were'} here already.` : '',
    failed.length > 0 ? `${count(failed.length, 'file')} could not be taken in.` : '',
    apart > 0
      ? `${onlyTakes(readApp().model)}: ${count(apart, 'item')} kept off the map until another model is used (Models, key m).`
      : '',
  ];
  const failures =
    failed.length > 0
      ? { label: 'Show them', run: () => writeApp({ panel: 'collection' as const }) }
      : undefined;
  notify(failed.length + apart > 0 ? 'info' : 'success', parts.filter(Boolean).join(' '), failures);
}
