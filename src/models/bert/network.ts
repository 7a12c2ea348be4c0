import type { LoadNetwork, ModelFolder } from '../architecture.ts';
import type { TextEmbedding } from '../embedder.ts';
import { InvalidModelFile } from '../errors.ts';
import { linear } from '../transformer/keys.ts';
import { checkTensors, ExpectedTensors } from '../transformer/match.ts';
import { ACTIVATION_BYTES } from '../transformer/towers.ts';
import { type Loaded, loadWeights } from '../transformer/weights.ts';
import { unitRow } from '../unit-row.ts';
import { sourceOfBlob } from '../weights/byte-source.ts';
import { readSafetensors } from '../weights/safetensors.ts';
import { BertModel } from './bert.ts';
import { type BertConfig, readBertConfig } from './config.ts';
import { type HeadStep, SentenceHead } from './head.ts';
import { type DenseFiles, readSentenceFiles, type SentenceFiles } from './sentence-files.ts';
import { SentenceTokenizer } from './tokenizer.ts';
import { readBertWeights } from './weights.ts';

/** A sentence model on a BERT or one of its kin, from its files. Rows have unit length, whether the model says so or not. */
export const loadSentenceNetwork: LoadNetwork = async (folder, started, job) => {
  const config = readBertConfig(await folder.json('config.json'));
  const files = await readSentenceFiles(folder);
  const tokenizer = await readTokenizer(folder, config, files);
  const { weights, dispose } = await readBertWeights(
    await folder.checkpoint(),
    config,
    folder.weightsFile,
    job,
  );
  const loaded: { dispose(): void }[] = [{ dispose }];
  const free = () => {
    for (const part of loaded) part.dispose();
  };
  try {
    const head = await loadHead(folder, config, files, (part) => loaded.push(part));
    const model = new BertModel(config, weights, head, ACTIVATION_BYTES);
    const { key, name } = folder;
    return {
      info: {
        key,
        name,
        ...started,
        takes: { pictures: false, texts: true },
        dimensions: { joint: head.dimension, picture: 0, text: head.dimension },
        preparation: { size: 224, crop: 1 },
      },
      tokenize: (text) => tokenizer.encode(text),
      async texts(batch) {
        const rows = await model.encode(batch);
        return batch.map((_, at): TextEmbedding => {
          const own = unitRow(rows, at, head.dimension, name);
          return { joint: own, text: own };
        });
      },
      dispose: free,
    };
  } catch (error) {
    free();
    throw error;
  }
};

async function readTokenizer(
  folder: ModelFolder,
  { positions, firstPosition }: BertConfig,
  { maxTokens, lowersCase, prompt }: SentenceFiles,
): Promise<SentenceTokenizer> {
  const json = await folder.json('tokenizer.json');
  if (json === undefined)
    throw new InvalidModelFile('tokenizer.json', 'the model has none, so it could read no words');
  const places = positions - firstPosition;
  return new SentenceTokenizer(json, {
    maxTokens: Math.min(maxTokens ?? places, places),
    lowersCase,
    prompt,
  });
}

async function loadHead(
  folder: ModelFolder,
  { width }: BertConfig,
  { pooling, steps }: SentenceFiles,
  keep: (loaded: Loaded<unknown>) => void,
): Promise<SentenceHead> {
  let dimension = width * pooling.length;
  const ready: HeadStep[] = [];
  for (const step of steps) {
    if (step.kind === 'normalize') {
      ready.push(step);
      continue;
    }
    if (step.inputs !== dimension)
      throw new InvalidModelFile(
        `${step.path}/config.json`,
        `it takes vectors of ${step.inputs} numbers, and what comes before it makes ${dimension}`,
      );
    const loaded = await loadDense(folder, step);
    keep(loaded);
    ready.push(loaded.weights);
    dimension = step.outputs;
  }
  return new SentenceHead(pooling, ready, dimension);
}

async function loadDense(folder: ModelFolder, dense: DenseFiles): Promise<Loaded<HeadStep>> {
  const { path, inputs, outputs, hasBias, activation } = dense;
  const file = `${path}/model.safetensors`;
  const blob = folder.file(file);
  if (!blob) throw new InvalidModelFile(file, 'modules.json names its folder, and it is not there');
  const tensors = await readSafetensors(sourceOfBlob(blob, file));
  const keys = { ...linear('linear'), ...(hasBias ? {} : { biases: [] }) };
  const expected = new ExpectedTensors();
  expected.linear(keys, inputs, outputs);
  checkTensors(tensors.tensors, { shapes: expected.shapes, layout: 'Dense', isIgnored: () => false }, file);
  return loadWeights(tensors, expected.shapes.size, {}, async (reader) => ({
    kind: 'dense',
    activation,
    linear: await reader.linear(keys, inputs, outputs),
  }));
}
