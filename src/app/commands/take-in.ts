import { fromDrop, fromFiles, type Source } from '../../data/sources.ts';
import { addSources } from './add.ts';
import { sortModel } from './sort-model.ts';

/** Must be called in the drop event itself: the browser takes the entries away afterwards. */
export function takeDrop(transfer: DataTransfer): Promise<void> {
  return takeIn(fromDrop(transfer));
}

export function takeFiles(files: readonly File[]): Promise<void> {
  return takeIn(fromFiles(files));
}

/** Pictures and texts go onto the map, a model's files to the models, with an offer to use it. */
async function takeIn(given: Iterable<Source> | AsyncIterable<Source>): Promise<void> {
  const { model, items, areItems } = await sortModel(given);
  const parts = [model.length > 0 && addModel(model), areItems && addSources(items)];
  // One that fails does not hide what becomes of the other.
  for (const part of await Promise.allSettled(parts)) if (part.status === 'rejected') throw part.reason;
}

async function addModel(sources: readonly Source[]): Promise<void> {
  const [{ addOwnModel }, { offerModel }] = await Promise.all([
    import('./models.ts'),
    import('./offer-model.ts'),
  ]);
  const files = sources.map((source) => ({
    path: source.path,
    bytes: source.size,
    blob: () => source.blob(),
  }));
  offerModel((await addOwnModel(files)).id);
}
