// What models leave behind in tfjs: nothing, however many pictures they have seen. `npm run bench -- --only memory` does it with 1,000.
import { describe, expect, test } from 'vitest';
import { footprint } from '../../bench/models/footprint.ts';
import type { RgbaImage } from '../../src/common/image.ts';
import type { Network } from '../../src/models/architecture.ts';
import { type BackendName, startBackend } from '../../src/models/backend.ts';
import { loadClipNetwork } from '../../src/models/clip/network.ts';
import { loadEmbedded } from '../../src/models/embedded.ts';
import { modelFolder } from '../../src/models/model-folder.ts';

const CLIP_FILES = ['config.json', 'model.safetensors', 'preprocessor_config.json', 'tokenizer.json'];
const TEXTS = ['cat', 'a photo of a cat', 'in the morning, on the hill'];

describe.each(['cpu', 'wasm', 'webgpu'] as const)('a small CLIP on %s', (backend) => {
  test('holds as much after 16 pictures as after 8, with texts between, and nothing when disposed of', async () => {
    await startBackend(backend, 1);
    const before = footprint();
    const clip = await openSmallClip(backend);
    // WebGPU keeps buffers for reuse, and has all that it needs of them after the second batch.
    await embed(clip, 8);
    const after8 = footprint();
    expect(after8.tensors).toBeGreaterThan(before.tensors);
    await embed(clip, 8);
    expect(footprint()).toEqual(after8);
    clip.dispose();
    expect(footprint()).toMatchObject({ tensors: before.tensors, tensorBytes: before.tensorBytes });
  });
});

test('the embedded model on wasm holds as much after 16 pictures as after 8, and nothing when disposed of', async () => {
  const started = await startBackend('wasm', 1);
  const before = footprint();
  const model = await loadEmbedded(new URL('/models/', location.href).href, started, {});
  // The heap is in pieces at first, and grows once more for the second batch.
  await embed(model, 8);
  const after8 = footprint();
  await embed(model, 8);
  expect(footprint()).toEqual(after8);
  model.dispose();
  expect(footprint()).toMatchObject({ tensors: before.tensors, tensorBytes: before.tensorBytes });
});

/** One whose towers are alike: on the software adapter a shader takes longer to compile than to run. */
async function openSmallClip(backend: BackendName): Promise<Network> {
  const files = await Promise.all(
    CLIP_FILES.map(async (path): Promise<[string, Blob]> => {
      const response = await fetch(`/test/fixtures/clip/hf-quick-gelu/${path}`);
      expect(response.ok).toBe(true);
      return [path, await response.blob()];
    }),
  );
  return loadClipNetwork(modelFolder('key', 'hf-quick-gelu', new Map(files)), { backend, threads: 1 }, {});
}

/** In batches of 4, with texts between. */
async function embed(network: Network, count: number): Promise<void> {
  const { size } = network.info.preparation;
  for (let done = 0; done < count; done += 4) {
    const batch = Array.from({ length: 4 }, (_, at) => pictureOf(size, done + at));
    expect(await network.pictures?.(batch)).toHaveLength(4);
    const ids = TEXTS.map((text) => network.tokenize?.(text) ?? []);
    expect(await network.texts?.(ids)).toHaveLength(TEXTS.length);
  }
}

function pictureOf(side: number, seed: number): RgbaImage {
  const data = Uint8ClampedArray.from({ length: side * side * 4 }, (_, at) => (at * 31 + seed * 17) % 256);
  return { data, width: side, height: side };
}
