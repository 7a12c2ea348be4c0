import { expect, test } from 'vitest';
import { embedAll } from '../../src/app/commands/embed.ts';
import type { TextItem } from '../../src/data/item.ts';
import type { Embedder } from '../../src/models/embedder.ts';

/** Gives the length of a text as its vector, and counts what it is asked for. */
function countingEmbedder(key: string) {
  const asked: string[] = [];
  const embedder: Embedder = {
    info: {
      key,
      name: 'counting',
      backend: 'cpu',
      threads: 1,
      takes: { pictures: true, texts: true },
      dimensions: { joint: 1, picture: 1, text: 1 },
      preparation: { size: 1, crop: 1 },
    },
    embedPictures: () => Promise.reject(new Error('no pictures here')),
    embedTexts: async (texts) => {
      asked.push(...texts);
      return texts.map((text) => ({
        joint: Float32Array.of(text.length),
        text: Float32Array.of(text.length),
      }));
    },
    dispose: () => undefined,
  };
  return { embedder, asked };
}

function waiting(...texts: string[]): { item: TextItem }[] {
  return texts.map((text) => ({
    item: { id: `id of ${text}`, kind: 'text', name: text, text, source: 'test', addedAt: 0 },
  }));
}

test('what a model has seen is never embedded again, by another model it is', async () => {
  const { embedder, asked } = countingEmbedder(`first ${Math.random()}`);
  await embedAll(waiting('a', 'bb'), embedder, {});
  expect(asked).toEqual(['a', 'bb']);

  const again = await embedAll(waiting('bb', 'ccc'), embedder, {});
  expect(asked).toEqual(['a', 'bb', 'ccc']);
  expect(again.map(({ entry }) => entry.vectors.joint?.[0])).toEqual([2, 3]);

  const other = countingEmbedder(`second ${Math.random()}`);
  await embedAll(waiting('bb'), other.embedder, {});
  expect(other.asked).toEqual(['bb']);
});

test('what a model does not take is kept without vectors, and it is not asked', async () => {
  const { embedder, asked } = countingEmbedder(`third ${Math.random()}`);
  const picturesOnly = {
    ...embedder,
    info: { ...embedder.info, takes: { pictures: true, texts: false } },
  };
  const kept = await embedAll(waiting('a', 'bb'), picturesOnly, {});
  expect(asked).toEqual([]);
  expect(kept.map(({ entry }) => [entry.item.name, entry.vectors])).toEqual([
    ['a', {}],
    ['bb', {}],
  ]);
});
