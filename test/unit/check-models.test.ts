import { expect, test } from 'vitest';
import { checkModels } from '../../src/app/compare/check-models.ts';

test('a pane of a model that is not stored is refused with its place and the models that there are', async () => {
  const stored = async () => ['embedded', 'owner/clip'];
  await checkModels([{}, { model: 'owner/clip' }], ['embedded'], stored);
  await expect(checkModels([{}, { model: 'nope/none' }], ['embedded'], stored)).rejects.toThrow(
    'panes[1].model is "nope/none", and no such model is stored. Name one of embedded, owner/clip, or store it first with addModel("nope/none").',
  );
});

test('models are not looked up where none is in doubt', async () => {
  await checkModels([{}, { model: 'embedded' }], ['embedded'], () => Promise.reject(new Error('looked up')));
});
