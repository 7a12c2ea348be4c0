import type { Id } from '../../data/item.ts';
import type { Embedder } from '../../models/embedder.ts';
import type { OpenedModel } from '../../models/store/model-store.ts';
import type { Entry } from '../collection.ts';
import { messageOf, notify, runJob } from '../jobs.ts';
import { openModel } from '../services.ts';
import { embedUnseen, exchange, showAnew } from './exchange.ts';

/**
 * The embedded model in place of a stored one that was chosen and cannot be opened: every item is embedded with it, and one notice says
 * why. Where this fails too, or is cancelled, the choice stays as it was.
 */
export async function fallBack({ model: { id } }: OpenedModel, reason: unknown): Promise<Embedder> {
  const model = await runJob({ title: 'Loading the embedded model', unit: 'bytes' }, undefined, (job) =>
    openModel(undefined, job),
  );
  const found = new Map<Id, Entry>();
  const seen = new Set<Id>();
  try {
    await runJob({ title: 'Embedding with the embedded model', unit: 'items' }, undefined, async (job) => {
      let fresh: number;
      do fresh = await embedUnseen(model, found, seen, job);
      while (fresh > 0);
    });
  } catch (error) {
    model.dispose();
    throw error;
  }
  const left = exchange({ stored: undefined, model, found });
  notify(
    'error',
    `${id} could not be opened: ${messageOf(reason)} The embedded model is used instead.${left} Models (m) lists what can be chosen.`,
  );
  // Not waited for: a search that is shown is asked again of the model that is given back here.
  showAnew().catch((error: unknown) => notify('error', messageOf(error)));
  return model;
}
