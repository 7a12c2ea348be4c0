import { afterAll, expect, test } from 'vitest';
import { createLayout } from '../../src/projection/create-layout.ts';
import { runUmap } from '../../src/projection/umap.ts';
import { blobs, exactNeighbors } from '../unit/projection-sets.ts';

const layout = createLayout();
afterAll(() => layout.dispose());

const set = blobs({ n: 300, dimension: 8, groups: 4, seed: 1 });
const neighbors = exactNeighbors(set.vectors, set.dimension, 10);

test('a worker gives what the plain function gives, and tells on the way', async () => {
  const heard: Float32Array[] = [];
  const done: number[] = [];
  const positions = await layout.umap(
    neighbors,
    {
      dimensions: 2,
      seed: 3,
      epochs: 300,
      onPositions: (now, epoch, epochs) => {
        expect(epochs).toBe(300);
        expect(epoch).toBeLessThanOrEqual(300);
        heard.push(now);
      },
    },
    { onProgress: (epoch) => done.push(epoch) },
  );
  expect(positions).toEqual(runUmap(neighbors, { dimensions: 2, seed: 3, epochs: 300 }));
  expect(heard.length).toBeGreaterThan(2);
  expect(heard.at(-1)).toEqual(positions);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(done.at(-1)).toBe(300);
  // The caller still has its own.
  expect(neighbors.indices.length).toBe(3000);
});

test('an abort ends it within 200 ms, and nothing is heard afterwards', async () => {
  const controller = new AbortController();
  let stoppedAt = 0;
  let afterwards = 0;
  const job = layout.umap(
    neighbors,
    {
      dimensions: 2,
      seed: 3,
      // More than could end within the test.
      epochs: 1_000_000,
      onPositions: (_positions, epoch) => {
        if (stoppedAt) afterwards++;
        else if (epoch > 0) {
          stoppedAt = performance.now();
          controller.abort();
        }
      },
    },
    { signal: controller.signal },
  );
  await expect(job).rejects.toMatchObject({ name: 'AbortError' });
  expect(stoppedAt).toBeGreaterThan(0);
  expect(performance.now() - stoppedAt).toBeLessThan(200);
  // Another job runs after it, so late messages of the first would have come by now.
  await layout.umap(neighbors, { dimensions: 3, seed: 1, epochs: 5 });
  expect(afterwards).toBe(0);
});

test('a signal that is aborted already starts nothing', async () => {
  const job = layout.umap(neighbors, { dimensions: 2, seed: 1 }, { signal: AbortSignal.abort() });
  await expect(job).rejects.toMatchObject({ name: 'AbortError' });
});

test('what is wrong with the input comes back in words', async () => {
  const bad = { ...neighbors, distances: neighbors.distances.with(7, Number.NaN) };
  await expect(layout.umap(bad, { dimensions: 2, seed: 1 })).rejects.toThrow(
    'Row 0, neighbor 7 is at distance NaN; distances must be finite.',
  );
});

test('disposing of it ends what runs', async () => {
  const own = createLayout();
  const job = own.umap(neighbors, { dimensions: 2, seed: 1, epochs: 1_000_000 });
  own.dispose();
  await expect(job).rejects.toMatchObject({ name: 'AbortError' });
});

test('principal directions, with progress', async () => {
  const rounds: number[] = [];
  const { positions, explained } = await layout.pca(set, 2, { onProgress: (done) => rounds.push(done) });
  expect(positions.length).toBe(600);
  expect(explained.length).toBe(2);
  expect(explained[0]).toBeGreaterThan(explained[1] ?? 1);
  expect(rounds.length).toBeGreaterThan(0);
});
