// A stored model as the page has it: files, store, worker, wasm. Its numbers are held to PyTorch's in clip-model.test.ts.
import { expect, test, vi } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import type { Embedder } from '../../src/models/embedder.ts';
import { installModel, localOrigin } from '../../src/models/hub/install.ts';
import { listLocalFiles, pickLocalModel } from '../../src/models/hub/local-files.ts';
import { createMemoryStore } from '../../src/models/store/memory-store.ts';
import type { OpenedModel } from '../../src/models/store/model-store.ts';
import { embeddingKey, openStoredEmbedder } from '../../src/models/stored-embedder.ts';
import { sourceOfBytes } from '../../src/models/weights/byte-source.ts';
import type { Checkpoint } from '../../src/models/weights/checkpoint.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';

// The bound for pictures; texts are far within it.
const LEAST_COSINE = 0.999;

const HF = ['config.json', 'model.safetensors', 'preprocessor_config.json', 'tokenizer.json'];
const OPEN = ['open_clip_config.json', 'open_clip_model.safetensors', 'tokenizer.json'];

test.each([
  ['hf-mixed', HF],
  ['open-clip', OPEN],
])('%s from files gives the reference’s embeddings', async (layout, files) => {
  const opened = await store(layout, files);
  const embedder = await openStoredEmbedder(opened, { backend: 'wasm', threads: 1 });
  expect(embedder.info).toMatchObject({ key: embeddingKey(opened.model), name: layout, backend: 'wasm' });
  const reference = await checkpoint(`${layout}/reference.safetensors`);
  const pictures = await embedder.embedPictures(await images());
  expect(lowest(pictures, await reference.floats('pictures'))).toBeGreaterThan(LEAST_COSINE);
  const texts: string[] = JSON.parse(new TextDecoder().decode(await fixture('texts.json')));
  expect(lowest(await embedder.embedTexts(texts), await reference.floats('texts'))).toBeGreaterThan(
    LEAST_COSINE,
  );
  embedder.dispose();
  await expect(embedder.embedTexts(texts)).rejects.toThrow('not open');
});

test('a sentence model takes texts alone, a DINOv2 pictures alone', async () => {
  const SENTENCES = [
    ...['config.json', 'model.safetensors', 'tokenizer.json', 'modules.json', '1_Pooling/config.json'],
    ...['2_Dense/config.json', '2_Dense/model.safetensors', 'config_sentence_transformers.json'],
    'sentence_bert_config.json',
  ];
  const sentences = await openStoredEmbedder(await store('cls-dense', SENTENCES, 'a model', 'bert'), {
    backend: 'wasm',
    threads: 1,
  });
  const texts: string[] = JSON.parse(new TextDecoder().decode(await fixture('texts.json', 'bert')));
  const words = await checkpoint('cls-dense/reference.safetensors', 'bert');
  const rows = await sentences.embedTexts(texts);
  expect(lowest(rows, await words.floats('vectors'))).toBeGreaterThan(LEAST_COSINE);
  expect(await sentences.embedTexts(['z'.repeat(200_000), '', 'cat'])).toHaveLength(3);
  await expect(sentences.embedPictures(await images())).rejects.toMatchObject({ name: 'NotTaken' });
  sentences.dispose();

  const VISION = ['config.json', 'model.safetensors', 'preprocessor_config.json'];
  const vision = await openStoredEmbedder(await store('dinov2', VISION, 'a model', 'vit'), {
    backend: 'wasm',
    threads: 1,
  });
  const seen = await checkpoint('dinov2/reference.safetensors', 'vit');
  const pictures = await vision.embedPictures(await images());
  expect(lowest(pictures, await seen.floats('vectors'))).toBeGreaterThan(LEAST_COSINE);
  await expect(vision.embedTexts(texts)).rejects.toMatchObject({ name: 'NotTaken' });
  vision.dispose();
});

test('an abort between batches ends the job, and the next one works', async () => {
  const embedder = await openStoredEmbedder(await store('hf-mixed', HF), { backend: 'wasm', threads: 1 });
  const [image] = await images();
  const many = image ? Array.from({ length: 20 }, () => image) : [];
  const control = new AbortController();
  const job = embedder.embedPictures(many, { signal: control.signal, onProgress: () => control.abort() });
  await expect(job).rejects.toMatchObject({ name: 'AbortError' });
  expect(await embedder.embedPictures(many.slice(0, 1))).toHaveLength(1);
  embedder.dispose();
});

test('a tokenizer that goes on for ever is ended after a cancel, and what waits behind it is answered', async () => {
  const { model, file } = await store('hf-mixed', HF);
  const slow: OpenedModel = {
    model,
    file: async (path) => {
      const blob = await file(path);
      if (path !== 'tokenizer.json' || !blob) return blob;
      // Twice as long for each letter more, where no b follows.
      const pattern = { Regex: '(?:a+)+b' };
      const json: object = JSON.parse(await blob.text());
      return new Blob([
        JSON.stringify({
          ...json,
          pre_tokenizer: { type: 'Split', pattern, behavior: 'Isolated', invert: false },
        }),
      ]);
    },
  };
  const embedder = await openStoredEmbedder(slow, { backend: 'wasm', threads: 1 });
  const before = await embedder.embedTexts(['cat']);
  const posted = vi.spyOn(Worker.prototype, 'postMessage');
  const ended = vi.spyOn(Worker.prototype, 'terminate');
  const control = new AbortController();
  const endless = embedder.embedTexts(['a'.repeat(100)], { signal: control.signal });
  // So that the worker is at it.
  await vi.waitFor(() => expect(posted).toHaveBeenCalledOnce());
  const behind = embedder.embedTexts(['cat']);
  control.abort();
  await expect(endless).rejects.toMatchObject({ name: 'AbortError' });
  expect(await behind).toEqual(before);
  expect(ended).toHaveBeenCalledOnce();
  expect(await embedder.embedTexts(['cat'])).toEqual(before);
  embedder.dispose();
  vi.restoreAllMocks();
});

test('files that do not fit one another are refused by name, and not tried on another backend', async () => {
  const mixed = await store('hf-mixed', HF);
  const other = await store('hf-quick-gelu', HF);
  const swapped: OpenedModel = {
    model: mixed.model,
    file: (path) => (path === 'model.safetensors' ? other : mixed).file(path),
  };
  await expect(openStoredEmbedder(swapped)).rejects.toMatchObject({
    name: 'InvalidWeights',
    message: expect.stringContaining('model.safetensors'),
  });
  const files = mixed.model.files.filter(({ path }) => path !== 'tokenizer.json');
  const mute = { ...mixed, model: { ...mixed.model, files } };
  await expect(openStoredEmbedder(mute)).rejects.toMatchObject({
    name: 'InvalidModelFile',
    message: expect.stringContaining('tokenizer.json'),
  });
});

test('vectors that are no numbers are refused as the model is opened', async () => {
  const sound = await store(
    'dinov2',
    ['config.json', 'model.safetensors', 'preprocessor_config.json'],
    'a',
    'vit',
  );
  const spoiled = {
    model: sound.model,
    file: async (path: string) => {
      const blob = await sound.file(path);
      if (path !== 'model.safetensors' || !blob) return blob;
      const bytes = await blob.arrayBuffer();
      const start = 8 + Number(new DataView(bytes).getBigUint64(0, true));
      // Every float32 of it.
      return new Blob([bytes.slice(0, start), new Uint8Array(bytes.byteLength - start).fill(0xff)]);
    },
  };
  await expect(openStoredEmbedder(spoiled)).rejects.toMatchObject({
    name: 'InvalidWeights',
    message: expect.stringMatching(/^model\.safetensors .*no numbers/),
  });
});

test('a file that is gone is named', async () => {
  const { model, file } = await store('hf-mixed', HF);
  const gone = { model, file: async (path: string) => (path === 'tokenizer.json' ? undefined : file(path)) };
  await expect(openStoredEmbedder(gone)).rejects.toMatchObject({
    name: 'StoreFault',
    message: expect.stringMatching(/^tokenizer\.json, a file of hf-mixed, is gone\. .*load the model again/),
  });
});

test('the key is that of the files, whatever the model is called', async () => {
  const [one, renamed, other] = await Promise.all([
    store('hf-mixed', HF),
    store('hf-mixed', HF, 'another name'),
    store('hf-quick-gelu', HF),
  ]);
  expect(embeddingKey(renamed.model)).toBe(embeddingKey(one.model));
  expect(embeddingKey(other.model)).not.toBe(embeddingKey(one.model));
});

/** Takes files of a fixture in as a person's own folder. */
async function store(
  layout: string,
  paths: readonly string[],
  folder = layout,
  set = 'clip',
): Promise<OpenedModel> {
  const files = await Promise.all(
    paths.map(async (path) => {
      const file = new File([await fixture(`${layout}/${path}`, set)], path);
      Object.defineProperty(file, 'webkitRelativePath', { value: `${folder}/${path}` });
      return file;
    }),
  );
  const models = createMemoryStore();
  const { id } = await installModel(
    localOrigin(await pickLocalModel(await listLocalFiles(files, () => Promise.reject(new Error('no zip'))))),
    models,
  );
  const opened = await models.open(id);
  if (!opened) throw new Error(`${id} was not stored.`);
  return opened;
}

async function images(): Promise<RgbaImage[]> {
  const pictures = await checkpoint('pictures.safetensors');
  const all: RgbaImage[] = [];
  for (let at = 0; pictures.has(`picture.${at}`); at++) {
    const [height = 0, width = 0] = pictures.entry(`picture.${at}`).shape;
    const rgb = await pictures.bytesOf(`picture.${at}`);
    const data = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let pixel = 0; pixel < width * height; pixel++)
      data.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    all.push({ data, width, height });
  }
  return all;
}

function lowest(
  found: Awaited<ReturnType<Embedder['embedTexts' | 'embedPictures']>>,
  expected: Float32Array,
): number {
  const width = expected.length / found.length;
  expect(found[0]?.joint.length).toBe(width);
  const cosines = found.map(({ joint }, at) => {
    const row = expected.subarray(at * width, (at + 1) * width);
    const dot = joint.reduce((sum, value, i) => sum + value * (row[i] ?? 0), 0);
    return dot / (Math.hypot(...joint) * Math.hypot(...row));
  });
  return Math.min(...cosines);
}

async function checkpoint(path: string, set = 'clip'): Promise<Checkpoint> {
  return readSafetensors(sourceOfBytes(new Uint8Array(await fixture(path, set)), path));
}

async function fixture(path: string, set = 'clip'): Promise<ArrayBuffer> {
  const response = await fetch(`/test/fixtures/${set}/${path}`);
  expect(response.ok).toBe(true);
  return response.arrayBuffer();
}
