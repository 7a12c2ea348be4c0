/** What the form makes of real pictures. */
import { expect, test } from 'vitest';
import { startingWith, useLabData } from '../../src/app/lab/data/choose-data.ts';
import { differences } from '../../src/app/lab/run-names.ts';
import { startingSettings } from '../../src/app/lab/settings-fields.ts';
import { type RealData, unfitReason } from '../../src/lab/data/real-data.ts';

const data: RealData = {
  ...{ kind: 'loaded', hash: 'a', count: 100, worded: 60, labeled: 30 },
  ...{ vocabulary: ['<pad>', '<start>', '<end>', '<unknown>', 'cat'], labels: ['cat', 'dog'] },
};

test.each([
  // A fifth of 100 and of 60 is held out, and a batch is no more than the rest.
  ['simclr', ['image'], 64, 80],
  ['clip', ['image', 'text'], 48, 48],
  ['decur', ['image', 'text'], 48, 48],
] as const)(
  '%s begins with what pictures show, and a batch that there are pictures for',
  (recipe, modalities, small, full) => {
    for (const [size, batchSize] of [
      ['small', small],
      ['full', full],
    ] as const) {
      const settings = startingSettings(recipe, size, 1, data);
      expect(settings).toMatchObject({ modalities, batchSize, fixed: {}, data });
      expect(unfitReason(settings)).toBeUndefined();
    }
  },
);

test.each([
  ['image-bind', /^ImageBind binds sound/],
  ['supervised', /^30 of 100 pictures have a label/],
] as const)('%s goes on with the made-up world, and the form says why', (recipe, reason) => {
  expect(startingWith(recipe, 'small', 1, data)).toEqual(startingSettings(recipe, 'small', 1));
  expect(useLabData.getState().refused).toMatch(reason);
  expect(startingWith('simclr', 'small', 1, data).data).toBe(data);
  expect(useLabData.getState().refused).toBeUndefined();
});

test('two runs that learn from different things say so', () => {
  const [world, loaded] = [undefined, data].map((of) => startingSettings('simclr', 'full', 1, of));
  if (!world || !loaded) throw new Error('no settings');
  expect(differences(world, loaded)).toContain('Learns from: 100 pictures');
});
