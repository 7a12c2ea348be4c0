// Views of words on the GPU: whole numbers go through other kernels there than fractions.
import { env, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { deleteWords, drawWords } from '../../src/lab/views/word-views.ts';
import { startBackend } from '../../src/models/backend.ts';
import { createRandom } from '../../src/projection/random.ts';

test('deleted words are those that were drawn, as whole numbers', async () => {
  await startBackend('webgpu');
  // Else tfjs computes what is as small as this on the CPU.
  env().set('WEBGPU_CPU_FORWARD', false);
  const words = drawWords(createRandom(1), 6, 20);
  const ids = tensor2d([...Array(6 * 20).keys()], [6, 20], 'int32');
  const view = deleteWords(ids, words);
  expect(view.dtype).toBe('int32');
  expect([...(await view.data())]).toEqual(Array.from(words.kept, (kept, at) => kept * at));
});
