import { checkedHandle } from './checked-handle.ts';
import { addFiles, addSamples, addTexts } from './commands/add.ts';
import { addVectors } from './commands/add-vectors.ts';
import { layout } from './commands/arrange.ts';
import { similarity } from './commands/label.ts';
import { currentSpace, distances, neighbors } from './commands/measure.ts';
import { clear, remove } from './commands/remove.ts';
import { restore } from './commands/restore.ts';
import { search } from './commands/search.ts';
import { select } from './commands/select.ts';
import type { NearfieldHandle } from './handle.ts';
import { collection, engine, onBrokenModel } from './services.ts';
import { readApp } from './store.ts';

/** Puts `window.nearfield` in place: the same commands that the interface calls. */
export function installHandle(): void {
  onBrokenModel(async (...given) => (await import('./commands/fall-back.ts')).fallBack(...given));
  const ready = Promise.all([engine(), restore()]).then(() => undefined);
  ready.catch((error: unknown) => console.error(error));
  const handle: NearfieldHandle = {
    ready,
    adapter() {
      const { adapter } = readApp();
      if (!adapter) throw new Error('The page is still starting. Await nearfield.ready first.');
      return adapter;
    },
    addFiles,
    addTexts,
    addVectors,
    addSamples,
    items: () => collection.items(),
    search,
    neighbors,
    distances,
    similarity,
    layout,
    compare: async (...given) => (await import('./compare/commands.ts')).compare(...given),
    matrix: async (...given) => (await import('./matrix/commands.ts')).matrix(...given),
    exportAs: async (...given) => (await import('./export/commands.ts')).exportAs(...given),
    measures: async (...given) => (await import('./measures/scripted.ts')).measures(...given),
    endCompare: async () => (await import('./compare/commands.ts')).endCompare(),
    // Most visits ask for none of these, and they bring much with them.
    models: async () => (await import('./commands/models.ts')).models(),
    addModel: async (...given) => (await import('./commands/models.ts')).addModel(...given),
    useModel: async (...given) => (await import('./commands/switch-model.ts')).switchModel(...given),
    convertModel: async (...given) => (await import('./commands/convert-model.ts')).convertModel(...given),
    removeModel: async (id) => (await import('./commands/models.ts')).removeModel(id),
    select,
    remove,
    clear,
  };
  window.nearfield = checkedHandle(handle, { collection, currentSpace });
}
