// The whole embedder as the page has it: worker, weights over HTTP, wasm.
import { gunzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import type { Embedder } from '../../src/models/embedder.ts';
import { openEmbedder } from '../../src/models/open-embedder.ts';
import { Weights } from '../../src/models/weights.ts';

describe('the embedder on wasm', () => {
  let embedder: Embedder;
  const progress: [number, number, string][] = [];

  beforeAll(async () => {
    embedder = await openEmbedder({
      backend: 'wasm',
      baseUrl: '/models/',
      onProgress: (...report) => progress.push(report),
    });
  });
  afterAll(() => embedder.dispose());

  test('says what it is and how pictures are to be prepared', () => {
    expect(embedder.info.backend).toBe('wasm');
    expect(embedder.info.dimensions).toEqual({ joint: 384, picture: 1280, text: 384 });
    expect(embedder.info.preparation).toEqual({ size: 224, crop: 0.875 });
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1]);
  });

  test('gives texts back in the order they came, whatever their length', async () => {
    const texts = ['a long text about a small bird that sings in a tall tree', 'car', '', 'a red apple'];
    const together = await embedder.embedTexts(texts);
    for (const [at, text] of texts.entries()) {
      const [alone] = await embedder.embedTexts([text]);
      expect(cosine(together[at]?.text, alone?.text ?? new Float32Array())).toBeGreaterThan(0.99999);
    }
    expect(await embedder.embedTexts([])).toEqual([]);
    expect(await embedder.embedPictures([])).toEqual([]);
  });

  test('an abort between batches ends the job, and the next one works', async () => {
    const [picture] = await storedPictures();
    const many = picture ? Array.from({ length: 24 }, () => picture) : [];
    const control = new AbortController();
    const job = embedder.embedPictures(many, { signal: control.signal, onProgress: () => control.abort() });
    await expect(job).rejects.toMatchObject({ name: 'AbortError' });
    expect(await embedder.embedPictures(many.slice(0, 1))).toHaveLength(1);
  });

  test('sees a cup of coffee', async () => {
    const [coffee] = await embedder.embedPictures((await storedPictures()).slice(1, 2));
    expect(coffee?.guesses[0]?.label).toBe('espresso');
    const words = ['a cup of coffee', 'an airplane', 'a dog'];
    const done: number[] = [];
    const texts = await embedder.embedTexts(words, { onProgress: (count) => done.push(count) });
    expect(done.at(-1)).toBe(3);
    const similarities = texts.map(({ joint }) => dot(joint, coffee?.joint ?? joint));
    expect(similarities.indexOf(Math.max(...similarities))).toBe(0);
  });
});

describe('starting', () => {
  test('a picture on wasm and a word on webgpu agree with PyTorch', async () => {
    const reference = new Weights(await fixture('reference.safetensors'), 'reference');
    const [wasm, webgpu] = await Promise.all([
      openEmbedder({ backend: 'wasm', threads: 1, baseUrl: '/models/' }),
      openEmbedder({ backend: 'webgpu', baseUrl: '/models/' }),
    ]);
    try {
      const [picture] = await wasm.embedPictures((await storedPictures()).slice(0, 1));
      expect(cosine(picture?.picture, reference.floats('features', [4, 1280]))).toBeGreaterThan(0.999);
      const [word] = await webgpu.embedTexts(['dog']);
      expect(webgpu.info.backend).toBe('webgpu');
      expect(cosine(word?.text, reference.floats('texts', [12, 384]))).toBeGreaterThan(0.99);
    } finally {
      wasm.dispose();
      webgpu.dispose();
    }
  });

  test('a model that is not there is an error that names the file', async () => {
    const opening = openEmbedder({ backend: 'wasm', baseUrl: '/no-such-models/' });
    await expect(opening).rejects.toThrow(/^manifest\.json (was refused|is not JSON)/);
    await expect(opening).rejects.toMatchObject({ name: 'ModelLoadError' });
  });

  test('an abort before or during the start ends it', async () => {
    await expect(openEmbedder({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    const control = new AbortController();
    const opening = openEmbedder({ baseUrl: '/models/', signal: control.signal });
    control.abort();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  });
});

async function fixture(name: string): Promise<ArrayBuffer> {
  const response = await fetch(`/test/fixtures/models/${name}`);
  expect(response.ok).toBe(true);
  return response.arrayBuffer();
}

async function storedPictures(): Promise<RgbaImage[]> {
  const bytes = new Uint8Array(await fixture('pictures.rgba.gz'));
  // A server may have unpacked it on the way.
  const pixels = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const size = 224 * 224 * 4;
  return Array.from({ length: pixels.length / size }, (_, at) => ({
    data: new Uint8ClampedArray(pixels.slice(at * size, (at + 1) * size)),
    width: 224,
    height: 224,
  }));
}

/** Of a row against the first row of a matrix. */
function cosine(row: Float32Array | undefined, matrix: Float32Array): number {
  if (!row) return Number.NaN;
  const first = matrix.subarray(0, row.length);
  return dot(row, first) / Math.sqrt(dot(row, row) * dot(first, first));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
