/** The worker in which a stored model is made smaller. Its page side is convert-in-worker.ts. */
import * as comlink from 'comlink';
import type { OnProgress } from '../../common/job.ts';
import type { Precision } from '../weights/convert.ts';
import { openModelStore } from './open-store.ts';
import { convertStoredModel } from './stored-weights.ts';

const stop = new AbortController();

const worker = {
  convert: async (id: string, precision: Precision, onProgress: OnProgress) =>
    convertStoredModel(await openModelStore(), id, precision, { signal: stop.signal, onProgress }),
  stop: () => stop.abort(),
};

export type ConvertWorker = typeof worker;

comlink.expose(worker);
