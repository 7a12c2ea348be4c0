import type { Id } from '../../data/item.ts';
import type { Entry } from '../collection.ts';
import { embedUnseen } from '../commands/exchange.ts';
import { inTurn } from '../commands/model-turns.ts';
import { runJob } from '../jobs.ts';
import { EMBEDDED } from '../model-choice.ts';
import { modelStore, openModel } from '../services.ts';
import { modelName } from './setting.ts';
import { acceptUnembedded, settle } from './settle.ts';
import { readCompare } from './state.ts';

/** Embeds all items with a model that is not in use, into the library, and goes on with the panes that wait for it. */
export async function embedWith(model: string): Promise<void> {
  try {
    await inTurn(
      () =>
        runJob({ title: `Embedding with ${modelName(model)}`, unit: 'items' }, undefined, async (job) => {
          const stored = model === EMBEDDED ? undefined : await (await modelStore()).open(model);
          const opened = await openModel(stored, { signal: job.signal });
          try {
            const found = new Map<Id, Entry>();
            const seen = new Set<Id>();
            await embedUnseen(opened, found, seen, job);
            acceptUnembedded(model, seen.size - found.size);
          } finally {
            opened.dispose();
          }
        }),
      undefined,
    );
  } finally {
    const waiting = readCompare().panes.filter(({ setting }) => setting.model === model);
    void settle(waiting.map(({ id }) => id));
  }
}
