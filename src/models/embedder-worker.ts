/** The worker in which the embedded model lives. Its page side is open-embedder.ts. */
import * as comlink from 'comlink';
import { z } from 'zod';
import { startBackend } from './backend.ts';
import { EfficientNet } from './efficientnet.ts';
import { JointSpace } from './joint-space.ts';
import { MiniLm } from './minilm.ts';
import { loadModelFiles, type ModelFiles } from './model-files.ts';
import type { EmbeddedModel } from './open-embedder.ts';
import { TextTokenizer } from './tokenizer.ts';
import { Weights } from './weights.ts';
import type { EmbedderWorker } from './worker-embedder.ts';

interface Model {
  readonly image: EfficientNet;
  readonly text: MiniLm;
  readonly tokenizer: TextTokenizer;
  readonly joint: JointSpace;
}

let model: Model | undefined;

const worker: EmbedderWorker<EmbeddedModel> = {
  async open({ backend, threads, baseUrl }, onProgress) {
    const started = await startBackend(backend, threads);
    const files = await loadModelFiles(baseUrl, { onProgress });
    model = build(files);
    const { manifest } = files;
    return {
      key: manifest.key,
      name: manifest.name,
      ...started,
      dimensions: {
        joint: manifest.joint.dimension,
        picture: manifest.picture.dimension,
        text: manifest.text.dimension,
      },
      preparation: { size: manifest.picture.size, crop: manifest.picture.crop },
    };
  },

  async pictures(batch) {
    const { image, joint } = opened();
    const { features, probabilities } = await image.run(batch);
    const dimension = features.length / batch.length;
    const classes = probabilities.length / batch.length;
    return batch.map((_, at) => {
      const own = probabilities.subarray(at * classes, (at + 1) * classes);
      const picture = Float32Array.from(features.subarray(at * dimension, (at + 1) * dimension));
      return {
        joint: joint.ofPicture(own, picture),
        picture,
        guesses: joint.guesses(own),
      };
    });
  },

  tokenize(texts) {
    const { tokenizer } = opened();
    return texts.map((text) => tokenizer.encode(text));
  },

  async texts(batch) {
    const { text, joint } = opened();
    const rows = await text.run(batch);
    const dimension = rows.length / batch.length;
    return batch.map((_, at) => {
      const own = Float32Array.from(rows.subarray(at * dimension, (at + 1) * dimension));
      return { joint: joint.ofText(own), text: own };
    });
  },
};

function opened(): Model {
  if (!model) throw new Error('The model is not open.');
  return model;
}

function build({ manifest, contents }: ModelFiles): Model {
  const labels = z.array(z.string()).length(manifest.picture.classes).parse(parseJson(contents.labels));
  const tokenizer = z.looseObject({}).parse(parseJson(contents.tokenizer));
  const weights = (role: 'image' | 'text' | 'joint') =>
    new Weights(contents[role], manifest.files[role].path);
  return {
    image: new EfficientNet(weights('image'), manifest.picture),
    text: new MiniLm(weights('text'), manifest.text),
    tokenizer: new TextTokenizer(tokenizer, manifest.text.maxTokens),
    joint: new JointSpace(weights('joint'), labels, manifest.picture.dimension, manifest.joint),
  };
}

function parseJson(bytes: ArrayBuffer): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

comlink.expose(worker);
