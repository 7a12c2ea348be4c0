// The whole embedder as the page has it: worker, weights over HTTP, wasm.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import type { Embedder } from '../../src/models/embedder.ts';
import { openEmbedder } from '../../src/models/open-embedder.ts';

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
    console.info(JSON.stringify(embedder.info), 'isolated', crossOriginIsolated);
    expect(embedder.info.backend).toBe('wasm');
    expect(embedder.info.dimensions).toEqual({ joint: 384, picture: 1280, text: 384 });
    expect(embedder.info.preparation).toEqual({ size: 224, crop: 0.875 });
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1]);
  });

  test('sees a cup of coffee', async () => {
    const start = performance.now();
    const [coffee] = await embedder.embedPictures((await storedPictures()).slice(1, 2));
    console.info('one picture', performance.now() - start, 'ms', JSON.stringify(coffee?.guesses.slice(0, 3)));
    expect(coffee?.guesses[0]?.label).toBe('espresso');
    const words = ['a cup of coffee', 'an airplane', 'a dog'];
    const texts = await embedder.embedTexts(words);
    const similarities = texts.map(({ joint }) => dot(joint, coffee?.joint ?? joint));
    expect(similarities.indexOf(Math.max(...similarities))).toBe(0);
  });
});

async function storedPictures(): Promise<RgbaImage[]> {
  const response = await fetch(new URL('../fixtures/models/pictures.rgba.gz', import.meta.url));
  let stream = response.body;
  if (!stream) throw new Error('The fixture is empty.');
  if (!response.headers.get('content-encoding')) stream = stream.pipeThrough(new DecompressionStream('gzip'));
  const pixels = new Uint8Array(await new Response(stream).arrayBuffer());
  const size = 224 * 224 * 4;
  return Array.from({ length: pixels.length / size }, (_, at) => ({
    data: new Uint8ClampedArray(pixels.slice(at * size, (at + 1) * size)),
    width: 224,
    height: 224,
  }));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
