import { z } from 'zod';
import type { Job } from '../common/job.ts';
import type { Network } from './architecture.ts';
import type { StartedBackend } from './backend.ts';
import { SentenceTokenizer } from './bert/tokenizer.ts';
import { EfficientNet } from './efficientnet.ts';
import { JointSpace } from './joint-space.ts';
import { MiniLm } from './minilm.ts';
import { loadModelFiles } from './model-files.ts';
import { Weights } from './weights.ts';

/**
 * The model that ships with the page, from the files at `baseUrl`. Progress is in bytes.
 *
 * @throws {ModelLoadError} naming the file that could not be had
 */
export async function loadEmbedded(baseUrl: string, started: StartedBackend, job: Job): Promise<Network> {
  const { manifest, contents } = await loadModelFiles(baseUrl, job);
  const labels = z.array(z.string()).length(manifest.picture.classes).parse(parseJson(contents.labels));
  const weights = (role: 'image' | 'text' | 'joint') =>
    new Weights(contents[role], manifest.files[role].path);
  const image = new EfficientNet(weights('image'), manifest.picture);
  const text = new MiniLm(weights('text'), manifest.text);
  const tokenizer = new SentenceTokenizer(parseJson(contents.tokenizer), {
    maxTokens: manifest.text.maxTokens,
    lowersCase: false,
    prompt: '',
  });
  const joint = new JointSpace(weights('joint'), labels, manifest.picture.dimension, manifest.joint);
  return {
    info: {
      key: manifest.key,
      name: manifest.name,
      ...started,
      takes: { pictures: true, texts: true },
      dimensions: {
        joint: manifest.joint.dimension,
        picture: manifest.picture.dimension,
        text: manifest.text.dimension,
      },
      preparation: { size: manifest.picture.size, crop: manifest.picture.crop },
    },

    async pictures(batch) {
      const { features, probabilities } = await image.run(batch);
      const dimension = features.length / batch.length;
      const classes = probabilities.length / batch.length;
      return batch.map((_, at) => {
        const own = probabilities.subarray(at * classes, (at + 1) * classes);
        const picture = Float32Array.from(features.subarray(at * dimension, (at + 1) * dimension));
        return { joint: joint.ofPicture(own, picture), picture, guesses: joint.guesses(own) };
      });
    },

    tokenize: (words) => tokenizer.encode(words),

    async texts(batch) {
      const rows = await text.run(batch);
      const dimension = rows.length / batch.length;
      return batch.map((_, at) => {
        const own = Float32Array.from(rows.subarray(at * dimension, (at + 1) * dimension));
        return { joint: joint.ofText(own), text: own };
      });
    },

    dispose() {
      image.dispose();
      text.dispose();
    },
  };
}

function parseJson(bytes: ArrayBuffer): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
