/** A trained encoder of the lab as a model of the explorer. */
import { type Tensor, type Tensor2D, tensor, tidy } from '@tensorflow/tfjs-core';
import type { PicturePreparation } from '../../common/image.ts';
import type { LoadNetwork, Network } from '../../models/architecture.ts';
import type { TextEmbedding } from '../../models/embedder.ts';
import { embedPictures, preparationOf } from '../../models/pictures/embed.ts';
import type { Preprocessing } from '../../models/pictures/preprocess.ts';
import { checkTokens } from '../../models/transformer/texts.ts';
import { unitRow } from '../../models/unit-row.ts';
import type { Checkpoint } from '../../models/weights/checkpoint.ts';
import { createTokenizer, wordsOf } from '../data/words.ts';
import { createConvolutional } from '../encoders/convolutional.ts';
import type { Encoder } from '../encoders/encoder.ts';
import { createTextEncoder } from '../encoders/text.ts';
import type { Head } from '../heads/head.ts';
import { createPerceptron } from '../heads/perceptron.ts';
import { tokenizeCaption } from '../world/caption.ts';
import { type EncoderConfig, type ImageConfig, readEncoderConfig, type TextConfig } from './config.ts';
import type { Part } from './parts.ts';

/** One part's way from items to rows. */
interface Way {
  /** @param items makes the batch, inside of a tidy @returns n × width, row-major */
  encode(items: () => Tensor): Promise<Float32Array>;
  dispose(): void;
}

/**
 * The encoders of a run, from the files that `files.ts` makes. A thing's vector is the encoder's embedding at unit length, or the
 * projection where pictures and captions are compared behind a head. Words that the run never met are all one unknown word.
 *
 * @throws {InvalidModelFile | InvalidWeights} naming the file and what in it does not fit; the signal's reason
 */
export const loadLabNetwork: LoadNetwork = async (folder, started, job) => {
  const config = readEncoderConfig(await folder.json('config.json'));
  const tensors = await folder.checkpoint();
  const ways: Partial<Record<Part, Way>> = {};
  const dispose = () => {
    for (const way of Object.values(ways)) way.dispose();
  };
  try {
    const { image, text } = config;
    if (image) ways.image = await openWay(createImageEncoder(image, config.width), 'image', config, tensors);
    job.signal?.throwIfAborted();
    if (text) ways.text = await openWay(createCaptionEncoder(text, config.width), 'text', config, tensors);
  } catch (error) {
    dispose();
    throw error;
  }
  const { key, name } = folder;
  const { image, text, temperature, width, projection: dimension = width } = config;
  const network: Network = {
    info: {
      ...{ key, name, ...started },
      takes: { pictures: image !== undefined, texts: text !== undefined },
      dimensions: { joint: dimension, picture: image ? dimension : 0, text: text ? dimension : 0 },
      preparation: image ? preparationOf(preprocessingOf(image)) : NO_PICTURES,
      temperature,
    },
    dispose,
  };
  const { image: pictures, text: texts } = ways;
  return {
    ...network,
    ...(image && pictures && picturesBy(pictures, image, name)),
    ...(text && texts && textsBy(texts, text, dimension, name)),
  };
};

/** The id that captions of both kinds are filled up with. */
const PADDING = 0;

const NO_PICTURES: PicturePreparation = { size: 16, crop: 1 };

/** The middle of a picture, averaged down (or up) to the side that the encoder learned with. */
function preprocessingOf({ side, mean, deviation }: ImageConfig): Preprocessing {
  return {
    ...{ resize: { shortest: side }, filter: 'bilinear', crop: { width: side, height: side } },
    ...{ cropRounding: 'down', scale: 1 / 255, mean, deviation, side },
  };
}

function picturesBy(way: Way, image: ImageConfig, name: string): Pick<Network, 'pictures'> {
  const how = preprocessingOf(image);
  return {
    pictures: (batch) =>
      embedPictures(batch, how, name, (pixels) =>
        way.encode(() => tensor(pixels, [batch.length, how.side, how.side, 3])),
      ),
  };
}

function textsBy(
  way: Way,
  text: TextConfig,
  dimension: number,
  name: string,
): Pick<Network, 'tokenize' | 'texts'> {
  const { tokens, vocabulary } = text;
  const idsOf = tokenizerOf(text);
  return {
    tokenize: (words) => [...idsOf(words)],
    async texts(batch) {
      for (const [at, ids] of batch.entries()) checkTokens(ids, at, tokens, vocabulary.length);
      const rows = await way.encode(() => tensor(batch.flat(), [batch.length, tokens], 'int32'));
      return batch.map((_, at): TextEmbedding => {
        const own = unitRow(rows, at, dimension, name);
        return { joint: own, text: own };
      });
    },
  };
}

function tokenizerOf({ source, vocabulary }: TextConfig): (text: string) => Int32Array {
  if (source === 'world') return tokenizeCaption;
  const idsOf = createTokenizer(vocabulary);
  return (text) => idsOf(wordsOf([text]));
}

function createImageEncoder({ side, size }: ImageConfig, width: number): Encoder {
  return createConvolutional({ shape: [side, side, 3], width, size, seed: 0, name: 'image' });
}

function createCaptionEncoder({ vocabulary, tokens }: TextConfig, width: number): Encoder {
  return createTextEncoder({
    ...{ vocabulary: vocabulary.length, tokens, padding: PADDING, width },
    ...{ seed: 0, name: 'text' },
  });
}

/** Takes the encoder over, and gives it its weights. */
async function openWay(
  encoder: Encoder,
  part: Part,
  { width, projection }: EncoderConfig,
  tensors: Checkpoint,
): Promise<Way> {
  let head: Head | undefined;
  const dispose = () => {
    encoder.dispose();
    head?.dispose();
  };
  try {
    if (projection !== undefined)
      head = createPerceptron({ from: width, hidden: [], width: projection, seed: 0, name: `${part}.head` });
    for (const { name, values } of [...encoder.parameters, ...(head?.parameters ?? [])]) {
      const given = await tensors.floats(name, values.shape);
      tidy(() => values.assign(tensor(given, values.shape)));
    }
  } catch (error) {
    dispose();
    throw error;
  }
  const through = head;
  return {
    async encode(items) {
      const rows: Tensor2D = tidy(() => {
        const embedded = encoder.encode(items());
        return through ? through.project(embedded, false) : embedded;
      });
      const values = await rows.data<'float32'>();
      rows.dispose();
      return values;
    },
    dispose,
  };
}
