import '@tensorflow/tfjs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import { createPictureSource } from '../../src/lab/data/picture-source.ts';
import { type LabPicture, makePictureSet, PICTURE_SIDE } from '../../src/lab/data/pictures.ts';
import { encoderFiles } from '../../src/lab/embedder/files.ts';
import { loadLabNetwork } from '../../src/lab/embedder/network.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import type { Learner, LearnerState, Rows } from '../../src/lab/training/learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import type { RecipeId, RunSettings } from '../../src/lab/training/settings.ts';
import { renderCaption } from '../../src/lab/world/caption.ts';
import { renderImage } from '../../src/lab/world/image.ts';
import type { Network } from '../../src/models/architecture.ts';
import { architectureOf, signsOf } from '../../src/models/architectures.ts';
import { modelFolder } from '../../src/models/model-folder.ts';

// The explorer has its pictures in bytes; here the trainer sees the same ones.
vi.mock('../../src/lab/world/image.ts', async (original) => {
  const image = await original<typeof import('../../src/lab/world/image.ts')>();
  const toBytes = (values: Float32Array) => {
    for (let at = 0; at < values.length; at++) values[at] = Math.round(255 * (values[at] ?? 0)) / 255;
  };
  return {
    ...image,
    drawImage(...given: Parameters<typeof image.drawImage>) {
      image.drawImage(...given);
      toBytes(given[2]);
    },
    renderImage(...given: Parameters<typeof image.renderImage>) {
      const values = image.renderImage(...given);
      toBytes(values);
      return values;
    },
  };
});

const TOLERANCE = 1e-5;
const SIDE = 24;
const STARTED = { backend: 'wasm', threads: 1 } as const;

beforeAll(async () => {
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  expect(await setBackend('wasm')).toBe(true);
});

function tiny(recipe: RecipeId, changes: Partial<RunSettings> = {}): RunSettings {
  const small = { steps: 3, batchSize: 4, size: 0.25, side: SIDE, width: 12, warmupSteps: 1 };
  return { ...defaultsOf(recipe), ...small, ...changes };
}

async function trained(settings: RunSettings): Promise<Learner>;
async function trained<Item>(settings: RunSettings, learner: Learner<Item>): Promise<Learner<Item>>;
async function trained(settings: RunSettings, learner: Learner<never> = createLearner(settings)) {
  for (let step = 0; step < settings.steps; step++) await learner.step();
  return learner;
}

async function folderOf(
  state: LearnerState,
  change: (config: Record<string, unknown>) => unknown = (same) => same,
) {
  const { config, weights } = await encoderFiles(state);
  const changed = JSON.stringify(change(JSON.parse(new TextDecoder().decode(config))));
  const files = new Map([
    ['config.json', new Blob([changed])],
    ['model.safetensors', new Blob([weights])],
  ]);
  return modelFolder('key', 'SimCLR, 3 steps', files);
}

const open = async (state: LearnerState): Promise<Network> =>
  loadLabNetwork(await folderOf(state), STARTED, {});

function pictureOf(values: Float32Array, side: number): RgbaImage {
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let at = 0; at < side * side * 3; at++)
    data[Math.floor(at / 3) * 4 + (at % 3)] = Math.round(255 * (values[at] ?? 0));
  return { data, width: side, height: side };
}

/** Of one color, with noise. */
function loadedPicture(at: number): LabPicture {
  const kind = ['cat', 'dog', 'bird'][at % 3] ?? '';
  const values = Float32Array.from(
    { length: PICTURE_SIDE ** 2 * 3 },
    (_, place) => ((at * 37 + (place % 3) * 90) % 200) / 255 + 0.1 * Math.sin(place * (at + 1)) ** 2,
  );
  return {
    ...{ id: `picture ${at}`, name: `${kind}.jpg`, tags: [`small ${kind}`], label: kind },
    pixels: pictureOf(values, PICTURE_SIDE),
  };
}

/** Largest difference between rows of the trainer, brought to length 1, and those of the network. */
function deviation({ values, width }: Rows, rows: readonly Float32Array[]): number {
  return Math.max(
    ...rows.map((row, at) => {
      const own = values.subarray(at * width, (at + 1) * width);
      const length = Math.hypot(...own);
      return Math.max(...row.map((value, place) => Math.abs(value - (own[place] ?? Number.NaN) / length)));
    }),
  );
}

describe('an encoder that a run has trained', () => {
  test.each([
    ['simclr', {}, 'embedding', false],
    ['clip', {}, 'embedding', true],
    ['clip', { headWidth: 8 }, 'projection', true],
    ['decur', { headWidth: 8 }, 'embedding', false],
    ['supervised', {}, 'embedding', false],
  ] as const)('of %s %o embeds as the trainer does: its %s', async (recipe, changes, of, hasText) => {
    const settings = tiny(recipe, changes);
    const learner = await trained(settings);
    const scenes = heldOutScenes(settings, 5);
    const network = await open(await learner.exportState());
    const pictures = scenes.map((scene) => pictureOf(renderImage(scene, SIDE), SIDE));
    const embedded = (await network.pictures?.(pictures)) ?? [];
    const rows = await learner.embed('image', scenes, of);
    expect(embedded).toHaveLength(5);
    expect(
      deviation(
        rows,
        embedded.map(({ joint }) => joint),
      ),
    ).toBeLessThan(TOLERANCE);
    expect(network.info.takes).toEqual({ pictures: true, texts: hasText });
    expect(network.info.dimensions.joint).toBe(rows.width);
    if (hasText) {
      const ids = scenes.map((scene) => network.tokenize?.(renderCaption(scene)) ?? []);
      const texts = (await network.texts?.(ids)) ?? [];
      const captions = await learner.embed('text', scenes, of);
      expect(texts).toHaveLength(5);
      expect(
        deviation(
          captions,
          texts.map(({ joint }) => joint),
        ),
      ).toBeLessThan(TOLERANCE);
      expect(network.info.temperature).toBeCloseTo(0.07, 2);
    }
    const before = memory().numTensors;
    network.dispose();
    expect(memory().numTensors).toBeLessThan(before);
    learner.dispose();
  });

  test('of real pictures and their words embeds as the trainer does', async () => {
    const set = makePictureSet(
      'loaded',
      Array.from({ length: 44 }, (_, at) => loadedPicture(at)),
    );
    const settings = tiny('clip', { data: set.data, side: PICTURE_SIDE, size: 0.1 });
    const source = createPictureSource(set);
    const learner = await trained(settings, createLearner(settings, source));
    const places = source.heldOut(settings, 4);
    const network = await open(await learner.exportState());
    const loaded = places.map((at) => loadedPicture(at));
    const embedded = (await network.pictures?.(loaded.map(({ pixels }) => pixels))) ?? [];
    const rows = await learner.embed('image', places);
    expect(rows.count).toBe(4);
    expect(
      deviation(
        rows,
        embedded.map(({ joint }) => joint),
      ),
    ).toBeLessThan(TOLERANCE);
    // As one writes it, and not as it is kept.
    const ids = loaded.map(({ label }) => network.tokenize?.(`${label?.toUpperCase()}, Small 2`) ?? []);
    const texts = (await network.texts?.(ids)) ?? [];
    expect(
      deviation(
        await learner.embed('text', places),
        texts.map(({ joint }) => joint),
      ),
    ).toBeLessThan(TOLERANCE);
    network.dispose();
    learner.dispose();
  });

  test('is recognized by its settings, which say what it takes', async () => {
    const learner = createLearner(tiny('clip', { modalities: ['text', 'audio'] }));
    const state = await learner.exportState();
    learner.dispose();
    const folder = await folderOf(state);
    const signs = signsOf(folder.paths, await folder.json('config.json'));
    const architecture = architectureOf(signs, 'it');
    expect(architecture.takes?.(signs)).toBe('texts');
    const network = await (await architecture.load())(folder, STARTED, {});
    expect(network.pictures).toBeUndefined();
    expect(network.info.takes).toEqual({ pictures: false, texts: true });
    const [ids] = [network.tokenize?.('a zebra') ?? []];
    const [row] = (await network.texts?.([ids])) ?? [];
    expect(row?.text).toHaveLength(12);
    // All words that it does not know are one.
    expect(network.tokenize?.('a unicorn')).toEqual(ids);
    network.dispose();
  });

  test('leaves no tensor behind where its files are refused', async () => {
    const learner = createLearner(tiny('simclr'));
    const state = await learner.exportState();
    learner.dispose();
    const before = memory().numTensors;
    for (const [change, fault] of [
      [{ version: 2 }, /config\.json .*"version"/],
      [{ width: 1e9 }, /config\.json .*"width"/],
      [{ image: { side: 100_000, size: 1, mean: [0, 0, 0], deviation: [1, 1, 1] } }, /"image\.side"/],
      [{ image: { side: 16, size: 1e3, mean: [0, 0, 0], deviation: [1, 1, 1] } }, /"image\.size"/],
      [{ image: { side: 16, size: 0.25, mean: [0, 0, 0], deviation: [1, 0, 1] } }, /"image\.deviation\.1"/],
      [{ image: undefined }, /neither "image" nor "text"/],
      [{ text: { source: 'world', vocabulary: ['<pad>', 'shoe'], tokens: 20 } }, /its words are not those/],
      [{ width: 13 }, /model\.safetensors .*image\.embedding\.weight.* is 32×12, not 32×13/],
      [{ projection: 4 }, /it has no "image\.head\.projection\.weight"/],
    ] as const) {
      const folder = await folderOf(state, (config) => ({ ...config, ...change }));
      await expect(loadLabNetwork(folder, STARTED, {})).rejects.toThrow(fault);
    }
    expect(memory().numTensors).toBe(before);
  });

  test('of sounds and motion has nothing for the explorer', async () => {
    const learner = createLearner(tiny('simclr', { modalities: ['audio'] }));
    const state = await learner.exportState();
    learner.dispose();
    await expect(encoderFiles(state)).rejects.toThrow('The run learns from audio.');
  });

  test('has a mark that other weights do not have', async () => {
    const marks = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const learner = createLearner(tiny('simclr', { seed }));
        const { mark } = await encoderFiles(await learner.exportState());
        learner.dispose();
        return mark;
      }),
    );
    expect(marks[0]).toMatch(/^[0-9a-f]{6}$/);
    expect(marks[1]).toBe(marks[0]);
    expect(marks[2]).not.toBe(marks[0]);
  });
});
