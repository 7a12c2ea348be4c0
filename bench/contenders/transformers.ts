import * as comlink from 'comlink';
import type { RgbaImage } from '../../src/common/image.ts';
import type { PeerRequest, TransformersWorker } from './transformers-worker.ts';

export type Pixels = { readonly mean: readonly number[]; readonly deviation: readonly number[] };

export interface TransformersModel {
  /** @returns rows of one output, one a picture */
  run(pictures: readonly RgbaImage[], output: string): Promise<Float32Array[]>;
  close(): void;
}

/** Opens an ONNX file in transformers.js, in a worker of its own. @param pixels of bytes, what is taken off and divided by, a channel */
export async function openTransformers(request: PeerRequest, pixels: Pixels): Promise<TransformersModel> {
  const worker = new Worker(new URL('./transformers-worker.ts', import.meta.url), { type: 'module' });
  const remote = comlink.wrap<TransformersWorker>(worker);
  const close = () => worker.terminate();
  try {
    await remote.open(request);
  } catch (error) {
    close();
    throw error;
  }
  return {
    async run(pictures, output) {
      const [{ width = 0, height = 0 } = {}] = pictures;
      const values = channelsFirst(pictures, pixels);
      const found = await remote.run(comlink.transfer(values, [values.buffer]), [
        pictures.length,
        3,
        height,
        width,
      ]);
      const rows = found[output];
      if (!rows) throw new Error(`It gave ${Object.keys(found)}, not ${output}.`);
      const dimension = rows.length / pictures.length;
      return pictures.map((_, at) => rows.subarray(at * dimension, (at + 1) * dimension));
    },
    close,
  };
}

function channelsFirst(
  pictures: readonly RgbaImage[],
  { mean, deviation }: Pixels,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(pictures.reduce((sum, { data }) => sum + (data.length / 4) * 3, 0));
  let to = 0;
  for (const { data } of pictures) {
    for (let channel = 0; channel < 3; channel++) {
      const [shift = 0, divisor = 1] = [mean[channel], deviation[channel]];
      for (let from = channel; from < data.length; from += 4)
        values[to++] = ((data[from] ?? 0) - shift) / divisor;
    }
  }
  return values;
}
