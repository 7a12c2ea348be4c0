/** A tfjs model as a function from pictures to rows of numbers. */
import { mean, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { PicturePreparation, RgbaImage } from '../../common/image.ts';
import type { Job } from '../../common/job.ts';
import type { ModelFolder } from '../architecture.ts';
import { InvalidModelFile, NotFinite } from '../errors.ts';
import { StoreFault } from '../store/errors.ts';
import { testPicture } from '../test-picture.ts';
import { MODEL_JSON, type TfjsModel } from './model-json.ts';
import { pixelsOf, preparationFor } from './pictures.ts';
import { dimensionOf, embeddingAmong, type PictureInput, pictureInput } from './plan.ts';
import { loadRunnable, type Runnable } from './runnable.ts';
import { rangeOf, type Scale, type TfjsSettings } from './settings.ts';
import { checkShards } from './shards.ts';

export interface PictureNetwork {
  readonly dimension: number;
  readonly preparation: PicturePreparation;
  /** @returns a row a picture, row-major, as the network gives them */
  embed(pictures: readonly RgbaImage[]): Promise<Float32Array<ArrayBuffer>>;
  dispose(): void;
}

/** What goes into a run, whichever output is asked for. */
interface Feed {
  readonly runnable: Runnable;
  readonly input: PictureInput;
  readonly scale: Scale;
  readonly preparation: PicturePreparation;
}

/**
 * Loads the model on the backend that is set, finds its picture and its embedding, and runs it once.
 *
 * @throws {InvalidModelFile | UnusableModel | StoreFault} for what is wrong with the files; what tfjs throws for what does not run
 */
export async function openPictureNetwork(
  folder: ModelFolder,
  model: TfjsModel,
  settings: TfjsSettings,
  job: Job,
): Promise<PictureNetwork> {
  const buffers = await readShards(folder, model, job);
  const runnable = await loadRunnable(model, buffers, settings.output);
  try {
    const input = pictureInput(runnable.inputs, settings, MODEL_JSON);
    const scale = settings.scale ?? rangeOf(input.isWhole || runnable.takesBytes ? '0..255' : '0..1');
    const feed: Feed = { runnable, input, scale, preparation: preparationFor(input, settings.crop) };
    const { output, dimension, batch } = await firstRun(feed);
    return {
      dimension,
      preparation: feed.preparation,
      embed: (pictures) => embed(feed, { output, dimension, batch }, pictures),
      dispose: () => runnable.dispose(),
    };
  } catch (error) {
    runnable.dispose();
    throw error;
  }
}

/** What the first run showed. */
interface Way {
  readonly output: string;
  readonly dimension: number;
  /** Pictures a run; undefined where any number. */
  readonly batch: number | undefined;
}

/** Many networks say that they take any number of pictures, and take one. */
async function firstRun(feed: Feed): Promise<Way> {
  const { batch } = feed.input;
  if (batch !== undefined) return { ...(await tryRun(feed, batch)), batch };
  try {
    return { ...(await tryRun(feed, 2)), batch };
  } catch (error) {
    const alone = await tryRun(feed, 1).catch(() => undefined);
    if (!alone) throw error;
    return { ...alone, batch: 1 };
  }
}

async function tryRun(feed: Feed, rows: number): Promise<Omit<Way, 'batch'>> {
  const { runnable, preparation } = feed;
  const names = runnable.outputs.map(({ name }) => name);
  const pictures = Array.from({ length: rows }, (_, at) => testPicture(preparation.size, at));
  let output = '';
  const pooled = tidy(() => {
    const tensors = runnable.run(toTensor(feed, pictures), names);
    const found = runnable.outputs.map((named, at) => {
      const { shape = [], dtype = '' } = tensors[at] ?? {};
      return { ...named, shape, dtype };
    });
    output = embeddingAmong(found, rows, MODEL_JSON).name;
    return pool(tensors[names.indexOf(output)]);
  });
  const [, dimension = 0] = pooled.shape;
  const values = await pooled.data();
  pooled.dispose();
  if (!values.every(Number.isFinite)) throw new NotFinite(`its output "${output}"`);
  return { output, dimension };
}

async function embed(
  feed: Feed,
  { output, dimension, batch }: Way,
  pictures: readonly RgbaImage[],
): Promise<Float32Array<ArrayBuffer>> {
  const rows = new Float32Array(pictures.length * dimension);
  const step = batch ?? Math.max(1, pictures.length);
  for (let begin = 0; begin < pictures.length; begin += step) {
    const part = pictures.slice(begin, begin + step);
    const [last] = part.slice(-1);
    // A network of a fixed number takes no less; what it makes of the copies is left.
    while (batch !== undefined && last && part.length < batch) part.push(last);
    const pooled = tidy(() => pool(feed.runnable.run(toTensor(feed, part), [output])[0]));
    const values = await pooled.data();
    pooled.dispose();
    rows.set(values.subarray(0, (pictures.length - begin) * dimension), begin * dimension);
  }
  return rows;
}

function toTensor({ input, scale, preparation }: Feed, pictures: readonly RgbaImage[]): Tensor {
  const { height, width, channels, isWhole } = input;
  const pixels = pixelsOf(pictures, input, scale, preparation);
  return tensor(pixels, [pictures.length, height, width, channels], isWhole ? 'int32' : 'float32');
}

/** One row a picture: maps are averaged over their places, tokens over their number. */
function pool(output: Tensor | undefined): Tensor {
  if (!output || dimensionOf(output.shape) === undefined)
    throw new InvalidModelFile(MODEL_JSON, 'its output changes its form from run to run');
  if (output.shape.length === 2) return output;
  return mean(output, output.shape.length === 3 ? 1 : [1, 2]);
}

async function readShards(
  folder: ModelFolder,
  model: TfjsModel,
  { signal, onProgress }: Job,
): Promise<ArrayBuffer[]> {
  await checkShards(model, (path) => folder.file(path)?.size);
  const buffers: ArrayBuffer[] = [];
  let done = 0;
  for (const path of model.groups.flatMap(({ paths }) => paths)) {
    signal?.throwIfAborted();
    const buffer = await folder
      .file(path)
      ?.arrayBuffer()
      .catch((error: unknown) => {
        throw new StoreFault(`${path} could not be read from the browser's storage`, error);
      });
    if (buffer) buffers.push(buffer);
    done += buffer?.byteLength ?? 0;
    onProgress?.(done, model.bytes, 'Reading the weights');
  }
  return buffers;
}
