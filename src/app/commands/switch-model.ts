import type { Job, OnProgress } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { Embedder } from '../../models/embedder.ts';
import type { OpenedModel } from '../../models/store/model-store.ts';
import type { Entry } from '../collection.ts';
import { notify, runJob } from '../jobs.ts';
import { EMBEDDED } from '../model-choice.ts';
import { chosenModel, embedder, modelStore, openModel } from '../services.ts';
import { readApp } from '../store.ts';
import { addingEnds, isAdding } from './add.ts';
import { embedUnseen, exchange, showAnew } from './exchange.ts';
import { inTurn } from './model-turns.ts';
import { isInUse, refreshModels, unknownModel } from './models.ts';

/**
 * Uses another model from now on: `embedded`, or a stored one. Every item is embedded with it first, while the page goes on with the model
 * before; then both change places. A failure or a cancel leaves the model before in use; what was embedded until then is kept.
 *
 * Progress is in items.
 */
export function switchModel(id: string, job: Job = {}): Promise<void> {
  return inTurn(() => change(id, job), job.signal);
}

async function change(id: string, job: Job): Promise<void> {
  // So that the page has settled on a model before it is asked for another.
  await chosenModel();
  const stored = id === EMBEDDED ? undefined : await (await modelStore()).open(id);
  if (id !== EMBEDDED && !stored) throw unknownModel(id);
  if (id === readApp().modelId && (!stored || (await isInUse(stored.model)))) return;
  const model = await runJob(
    { title: `Loading ${stored ? `“${id}”` : 'the embedded model'}`, unit: stored ? 'share' : 'bytes' },
    { signal: job.signal },
    (loading) => openModel(stored, loading),
  );
  try {
    await runJob(
      { title: `Embedding with ${stored ? `“${id}”` : 'the embedded model'}`, unit: 'items' },
      job,
      (embedding) => embedAll(model, embedding, (found) => takeOver(stored, model, found)),
    );
  } catch (error) {
    model.dispose();
    throw error;
  }
  await Promise.all([showAnew(), refreshModels()]);
}

/**
 * Embeds every item with the other model.
 *
 * @param whole is called with all of them at a moment when nothing is on its way into the collection
 */
async function embedAll(
  model: Embedder,
  job: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
  whole: (found: ReadonlyMap<Id, Entry>) => void,
): Promise<void> {
  const found = new Map<Id, Entry>();
  const seen = new Set<Id>();
  for (;;) {
    // One that is just being opened would come into use after this one.
    await embedder.current()?.catch(() => undefined);
    const fresh = await embedUnseen(model, found, seen, job);
    if (fresh === 0 && !isAdding()) {
      whole(found);
      return;
    }
    if (isAdding()) await addingEnds();
    job.signal.throwIfAborted();
  }
}

function takeOver(stored: OpenedModel | undefined, model: Embedder, found: ReadonlyMap<Id, Entry>): void {
  const before = embedder.current();
  embedder.set(model);
  const left = exchange({ stored, model, found });
  before?.then(
    (old) => old.dispose(),
    () => undefined,
  );
  const name = stored ? `“${model.info.name}”` : 'The embedded model';
  notify(left === '' ? 'success' : 'info', `${name} is in use.${left}`);
}
