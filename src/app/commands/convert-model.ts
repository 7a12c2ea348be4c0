import type { Job } from '../../common/job.ts';
import { formatBytes } from '../../data/errors.ts';
import { convertInWorker } from '../../models/store/convert-in-worker.ts';
import { embeddingKey } from '../../models/stored-embedder.ts';
import type { Precision } from '../../models/weights/convert.ts';
import type { ModelReport } from '../handle.ts';
import { notify, runJob } from '../jobs.ts';
import { EMBEDDED } from '../model-choice.ts';
import { modelIsNow } from '../model-versions.ts';
import { chosenModel, modelStore } from '../services.ts';
import { readApp } from '../store.ts';
import { count } from '../words.ts';
import { inTurn } from './model-turns.ts';
import { refreshModels, reportOf, unknownModel } from './models.ts';

/**
 * Keeps a stored model's weights in fewer bytes. The smaller one takes its place when it is complete; a failure or a cancel leaves it as
 * it was. It makes other vectors, which are cached apart, so the model in use is not converted: what is on the page would be of weights
 * that are no longer there.
 *
 * Progress is in bytes, first looked at, then written.
 *
 * @throws {RangeError} for the embedded model, the one in use, one that is not there, and one that is as small already
 */
export async function convertModel(id: string, precision: Precision, job: Job = {}): Promise<ModelReport> {
  try {
    return await inTurn(() => convert(id, precision, job), job.signal);
  } finally {
    await refreshModels();
  }
}

async function convert(id: string, precision: Precision, job: Job): Promise<ModelReport> {
  await chosenModel();
  if (id === EMBEDDED)
    throw new RangeError('The embedded model is part of the page, and small already. Name a stored one.');
  if (id === readApp().modelId) {
    throw new RangeError(
      `${id} is in use, and what is on the map is made by its weights as they are. Use another model first, then make this one smaller.`,
    );
  }
  const store = await modelStore();
  const before = (await store.open(id))?.model;
  if (!before) throw unknownModel(id);
  const { model, keptFloat32 } = await runJob(
    { title: `Making ${id} smaller`, unit: 'bytes' },
    job,
    (converting) => convertInWorker(store, id, precision, converting),
  );
  modelIsNow(id, embeddingKey(model));
  const kept =
    keptFloat32.length === 0
      ? ''
      : ` ${count(keptFloat32.length, 'tensor')} stayed in float32, for float16 cannot hold what is in them.`;
  notify(
    'success',
    `${id} is kept as ${precision} now: ${formatBytes(model.bytes)} instead of ${formatBytes(before.bytes)}.${kept}`,
  );
  return reportOf(model);
}
