/** Real pictures in place of the made-up world: which are trained on, what the encoders get, and when there are too few. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createPictureSource, splitPictures } from '../../src/lab/data/picture-source.ts';
import { type LabPicture, makePictureSet, NO_LABEL, PICTURE_SIDE } from '../../src/lab/data/pictures.ts';
import { shrinkPicture } from '../../src/lab/data/shrink.ts';
import { wordsOf } from '../../src/lab/data/words.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import type { RecipeId, RunSettings } from '../../src/lab/training/settings.ts';
import { deleteWords, drawWords } from '../../src/lab/views/word-views.ts';
import { createRandom } from '../../src/projection/random.ts';

beforeAll(async () => {
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  expect(await setBackend('wasm')).toBe(true);
});

const KINDS = ['cat', 'dog', 'bird'];

/** Each of one color, which goes with its kind. */
function picture(at: number): LabPicture {
  const kind = KINDS[at % KINDS.length] ?? '';
  const data = new Uint8ClampedArray(PICTURE_SIDE * PICTURE_SIDE * 4).fill(255);
  for (let pixel = 0; pixel < PICTURE_SIDE * PICTURE_SIDE; pixel++) data[pixel * 4] = (at * 5) % 256;
  return {
    ...{ id: `picture ${at}`, name: `${kind}.jpg`, tags: [`small ${kind}`], label: kind },
    pixels: { data, width: PICTURE_SIDE, height: PICTURE_SIDE },
  };
}

const setOf = (count: number) =>
  makePictureSet(
    'loaded',
    Array.from({ length: count }, (_, at) => picture(at)),
  );

function settingsOf(recipe: RecipeId, count: number, changes: Partial<RunSettings> = {}): RunSettings {
  const tiny = { batchSize: 8, side: 16, size: 0.125, width: 8, steps: 2, warmupSteps: 0 };
  return { ...defaultsOf(recipe), ...tiny, data: setOf(count).data, ...changes };
}

test('no step has a picture that is held out, none has one twice, and all others come before one comes again', () => {
  const set = setOf(60);
  const source = createPictureSource(set);
  const settings = settingsOf('simclr', 60, { batchSize: 16 });
  const heldOut = source.heldOut(settings, 256);
  expect(heldOut).toHaveLength(12);
  const seen = [0, 1, 2].map((step) => source.training(settings, step));
  expect(new Set([...heldOut, ...seen.flat()]).size).toBe(12 + 3 * 16);
  expect(source.training(settings, 3)).not.toEqual(seen[0]);
  expect(new Set(source.training(settings, 3)).size).toBe(16);
  expect(createPictureSource(setOf(60)).training(settings, 3)).toEqual(source.training(settings, 3));
  expect(source.heldOut({ ...settings, seed: 2 }, 256)).not.toEqual(heldOut);
  const known = source.known(settings, 256);
  expect(known).toHaveLength(48);
  expect(known.some((at) => heldOut.includes(at))).toBe(false);
});

test('a fifth is held out, and never more than 256', () => {
  const { heldOut, training } = splitPictures(setOf(2000), settingsOf('simclr', 2000));
  expect([heldOut.length, training.length]).toEqual([256, 1744]);
});

test('words are letters of names and tags, once each, without what cameras call a file', () => {
  expect(wordsOf(['IMG_2034', 'Blue-footed booby 2', 'bird', 'Bird'])).toEqual([
    ...['blue', 'footed', 'booby', 'bird'],
  ]);
});

test('the encoder knows words of at least two pictures, and takes others as unknown', () => {
  const odd = { ...picture(0), id: 'odd', name: 'axolotl', tags: [], label: undefined };
  const set = makePictureSet('loaded', [...Array.from({ length: 9 }, (_, at) => picture(at)), odd]);
  expect(set.data).toMatchObject({
    ...{ count: 10, worded: 9, labeled: 0, labels: [] },
    vocabulary: ['<pad>', '<start>', '<end>', '<unknown>', 'bird', 'cat', 'dog', 'small'],
  });
  const { values } = createPictureSource(set).render(settingsOf('clip', 60), 'text', [1, 9]);
  expect([...values.slice(0, 5)]).toEqual([1, 6, 7, 2, 0]);
  expect([...values.slice(20, 24)]).toEqual([1, 3, 2, 0]);
});

test('a word that all pictures have tells none from another, and is not known', () => {
  const holiday = (at: number) => ({ ...picture(at), name: `IMG_${at}.jpg`, tags: ['holiday'] });
  const { data } = makePictureSet('loaded', [0, 1, 2, 3].map(holiday));
  expect(data.vocabulary).toHaveLength(4);
  expect(data.worded).toBe(0);
});

test('labels are kinds of at least five pictures', () => {
  const set = makePictureSet('loaded', [
    ...Array.from({ length: 15 }, (_, at) => picture(at)),
    { ...picture(0), label: 'rare' },
  ]);
  expect(set.data.labels).toEqual(['bird', 'cat', 'dog']);
  expect([...set.labels.slice(0, 3), set.labels[15]]).toEqual([1, 2, 0, NO_LABEL]);
});

test('a shorter side is the mean of areas: even colors stay, and the mean of all does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 255 }), (to, seed) => {
      const pixels = Uint8Array.from({ length: 40 * 40 * 3 }, (_, at) => (at * at * seed) % 256);
      const mean = (of: ArrayLike<number>) => Array.from(of).reduce((sum, each) => sum + each, 0) / of.length;
      const shrunk = shrinkPicture(pixels, 40, to, new Float32Array(to * to * 3));
      expect(mean(shrunk)).toBeCloseTo(mean(pixels), 2);
      const even = shrinkPicture(pixels.fill(seed), 40, to, new Float32Array(to * to * 3));
      expect(Math.max(...even.map((value) => Math.abs(value - seed)))).toBeLessThan(1e-3);
    }),
    { numRuns: 20 },
  );
  const halves = Uint8Array.from(
    [0, 0, 0, 9, 9, 9, 30, 30, 30, 0, 0, 0, 9, 9, 9, 30, 30, 30].concat(Array(9).fill(0)),
  );
  // Three pixels on two: the middle one is shared.
  const [left = 0, , , right = 0] = shrinkPicture(halves, 3, 2, new Float32Array(12));
  expect([left, right]).toEqual([3, 23].map((value) => expect.closeTo(value, 4)));
});

test.each([
  ['simclr', {}],
  ['clip', {}],
  ['decur', { modalities: ['image', 'text'] }],
  ['supervised', {}],
] as const)('%s learns from pictures, the same for the same ones', async (recipe, changes) => {
  const settings = settingsOf(recipe, 60, changes);
  const [one, other] = [1, 2].map(() => createLearner(settings, createPictureSource(setOf(60))));
  if (!one || !other) throw new Error('no learners');
  const numbers = await one.step();
  expect(numbers.total).toBeGreaterThan(0);
  expect(await other.step()).toEqual(numbers);
  const { values, count } = await one.embed('image', [3, 4]);
  expect(count).toBe(2);
  expect(values.every(Number.isFinite)).toBe(true);
  one.dispose();
  other.dispose();
});

test.each([
  ['simclr', 39, {}, 'There are 39 pictures. At least 40 are needed to learn from: load more'],
  ['simclr', 40, { batchSize: 33 }, 'A batch of 33 needs as many pictures, and 32 are there to train on.'],
  ['image-bind', 60, {}, 'ImageBind binds sound'],
  ['simclr', 60, { modalities: ['thermal'] }, 'Pictures are seen as image and text.'],
] as const)('%s of %i pictures is refused with what would do', (recipe, count, changes, message) => {
  expect(() => createLearner(settingsOf(recipe, count, changes))).toThrow(message);
});

test('pictures without words or labels are refused where these are learned from', () => {
  const bare = makePictureSet(
    'loaded',
    Array.from({ length: 60 }, (_, at) => ({
      ...picture(at),
      name: `IMG_${at}.jpg`,
      tags: [],
      label: undefined,
    })),
  ).data;
  expect(() => createLearner(settingsOf('clip', 60, { data: bare }))).toThrow(
    '0 of 60 pictures have words that another one has, too. At least 40 are needed',
  );
  expect(() => createLearner(settingsOf('supervised', 60, { data: bare }))).toThrow(
    '0 of 60 pictures have a label. At least 40 are needed',
  );
});

test('a view of words lacks about a quarter of them, and never what begins a caption', () => {
  const { kept, tokens } = drawWords(createRandom(1), 200, 20);
  const begins = kept.filter((_, at) => at % tokens === 0);
  expect(begins.every((each) => each === 1)).toBe(true);
  const share = kept.reduce((sum, each) => sum + each, -200) / (200 * 19);
  expect(share).toBeGreaterThan(0.72);
  expect(share).toBeLessThan(0.78);
  const ids = tensor2d([...Array(200 * 20).keys()], [200, 20], 'int32');
  const view = deleteWords(ids, { kept, tokens });
  expect(view.dtype).toBe('int32');
  expect([...view.dataSync()]).toEqual(Array.from(kept, (each, at) => each * at));
});
