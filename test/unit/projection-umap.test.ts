import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidNeighbors } from '../../src/projection/graph.ts';
import { runUmap } from '../../src/projection/umap.ts';
import { mapQuality } from './map-quality.ts';
import { blobs, cutNeighbors, exactNeighbors, scattered } from './projection-sets.ts';

const extent = (positions: Float32Array): number =>
  positions.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('a layout', () => {
  const set = blobs({ n: 200, dimension: 8, groups: 4, seed: 1 });
  const all = exactNeighbors(set.vectors, set.dimension, 199);
  const neighbors = cutNeighbors(all, 10);

  test.each([2, 3] as const)('keeps neighborhoods, fits the frame, in %i dimensions', (dimensions) => {
    const positions = runUmap(neighbors, { dimensions, seed: 1, epochs: 200 });
    expect(positions.length).toBe(200 * dimensions);
    expect(extent(positions)).toBeCloseTo(10, 4);
    const { trustworthiness, kept } = mapQuality(set, { vectors: positions, dimension: dimensions }, 10);
    expect(trustworthiness).toBeGreaterThan(0.93);
    expect(kept).toBeGreaterThan(0.4);
  });

  test('is the same for the same seed, bit for bit, and another for another', () => {
    const run = (seed: number) => runUmap(neighbors, { dimensions: 2, seed, epochs: 60 });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  test('tells of every epoch, the last being the result', () => {
    const heard: number[] = [];
    let last = new Float32Array(0);
    const result = runUmap(neighbors, { dimensions: 2, seed: 1, epochs: 12 }, (epoch, epochs, read) => {
      expect(epochs).toBe(12);
      heard.push(epoch);
      last = read();
    });
    expect(heard).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect(last).toEqual(result);
  });
});

describe('new items join', () => {
  const set = blobs({ n: 420, dimension: 8, groups: 4, seed: 2 });
  const old = 400;
  const before = runUmap(exactNeighbors(set.vectors.slice(0, old * 8), 8, 12), { dimensions: 2, seed: 1 });
  const all = exactNeighbors(set.vectors, 8, 419);
  const initial = new Float32Array(420 * 2).fill(Number.NaN);
  initial.set(before);
  const after = runUmap(cutNeighbors(all, 12), { dimensions: 2, seed: 1, initial });

  test('the old ones barely move', () => {
    const moved = Array.from({ length: old }, (_, i) =>
      Math.hypot(
        (after[2 * i] ?? 0) - (before[2 * i] ?? 0),
        (after[2 * i + 1] ?? 0) - (before[2 * i + 1] ?? 0),
      ),
    ).sort((a, b) => a - b);
    expect(moved[old / 2]).toBeLessThan(0.2);
    expect(moved[Math.floor(old * 0.95)]).toBeLessThan(1);
  });

  test('the new ones land among their kind', () => {
    const kind = (i: number) => i % 4;
    for (let i = old; i < 420; i++) {
      let nearest = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let j = 0; j < old; j++) {
        const d = Math.hypot(
          (after[2 * i] ?? 0) - (after[2 * j] ?? 0),
          (after[2 * i + 1] ?? 0) - (after[2 * j + 1] ?? 0),
        );
        if (d < least) {
          least = d;
          nearest = j;
        }
      }
      expect(kind(nearest)).toBe(kind(i));
    }
  });

  test('the map stays as good', () => {
    const fresh = runUmap(cutNeighbors(all, 12), { dimensions: 2, seed: 1 });
    const trust = (vectors: Float32Array) => mapQuality(set, { vectors, dimension: 2 }, 12).trustworthiness;
    expect(trust(after)).toBeGreaterThan(trust(fresh) - 0.01);
  });
});

describe('few and awkward items', () => {
  test.each([2, 3] as const)('none, one, two, three, four, in %i dimensions', (dimensions) => {
    const options = { dimensions, seed: 1 };
    const empty = { k: 15, indices: new Uint32Array(0), distances: new Float32Array(0) };
    expect(runUmap(empty, options)).toEqual(new Float32Array(0));
    expect(runUmap({ ...empty, k: 0 }, options)).toEqual(new Float32Array(dimensions));
    for (const n of [2, 3, 4]) {
      const positions = runUmap(exactNeighbors(scattered(n, 5, 1), 5, n - 1), options);
      expect(positions.length).toBe(n * dimensions);
      expect(closest(positions, dimensions)).toBeGreaterThan(5);
      for (let d = 0; d < dimensions; d++) {
        expect(Math.abs(meanOf(positions, dimensions, d))).toBeLessThan(1e-3);
      }
    }
  });

  test('one that is already placed stays, the second finds room', () => {
    const neighbors = exactNeighbors(scattered(2, 5, 1), 5, 1);
    const initial = Float32Array.of(3, 4, Number.NaN, Number.NaN);
    const positions = runUmap(neighbors, { dimensions: 2, seed: 1, initial });
    expect([...positions.subarray(0, 2)]).toEqual([3, 4]);
    expect(closest(positions, 2)).toBeGreaterThan(1);
  });

  test.each([5, 6, 7, 16, 17])('%i items that are all neighbors of each other', (n) => {
    const positions = runUmap(exactNeighbors(scattered(n, 5, n), 5, n - 1), { dimensions: 2, seed: 1 });
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(extent(positions)).toBeCloseTo(10, 4);
    expect(closest(positions, 2)).toBeGreaterThan(0.01);
  });

  test('copies only: finite, and no two in one place', () => {
    const n = 40;
    const positions = runUmap(exactNeighbors(new Float32Array(n * 3), 3, 10), { dimensions: 2, seed: 1 });
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(closest(positions, 2)).toBeGreaterThan(0);
  });

  test('two far clusters are two on the map', () => {
    const n = 60;
    const vectors = scattered(n, 4, 3).map((value, at) => value + (Math.floor(at / 4) % 2) * 1e4);
    const positions = runUmap(exactNeighbors(vectors, 4, 8), { dimensions: 2, seed: 1 });
    expect(extent(positions)).toBeCloseTo(10, 4);
    expect(separation(positions, n)).toBeGreaterThan(1.5);
  });

  test('k = 1: many small pieces, spread over the plane and not along a line', () => {
    const n = 100;
    const positions = runUmap(exactNeighbors(scattered(n, 6, 4), 6, 1), { dimensions: 2, seed: 1 });
    expect(positions.every(Number.isFinite)).toBe(true);
    const spread = [0, 1].map((d) => {
      const values = Array.from({ length: n }, (_, i) => positions[2 * i + d] ?? 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
    });
    expect(Math.min(...spread)).toBeGreaterThan(2);
  });

  test('similarities (dot) lay out like distances', () => {
    const set = blobs({ n: 80, dimension: 6, groups: 2, seed: 9 });
    const neighbors = exactNeighbors(set.vectors, 6, 8);
    const similar = { ...neighbors, distances: neighbors.distances.map((d) => 3 - d) };
    const positions = runUmap(similar, { dimensions: 2, seed: 1, epochs: 200 });
    expect(separation(positions, 80)).toBeGreaterThan(1.5);
  });

  test('whatever the graph and the start: finite, of the right size, in the frame, the same again', () => {
    const graph = fc.integer({ min: 0, max: 24 }).chain((n) =>
      fc.record({
        n: fc.constant(n),
        k: fc.integer({ min: 1, max: Math.max(1, n - 1) }),
        dimensions: fc.constantFrom(2 as const, 3 as const),
        // Any targets, even the item itself or one twice: the layout must bear what is not a true neighbor list.
        targets: fc.array(fc.nat(), { minLength: 600, maxLength: 600 }),
        steps: fc.array(fc.constantFrom(0, 1e-30, 0.5, 1, 1e6, 1e30), { minLength: 600, maxLength: 600 }),
        known: fc.array(fc.boolean(), { minLength: n, maxLength: n }),
        begin: fc.boolean(),
        seed: fc.oneof(fc.integer(), fc.double()),
      }),
    );
    fc.assert(
      fc.property(graph, ({ n, k, dimensions, targets, steps, known, begin, seed }) => {
        const indices = Uint32Array.from({ length: n * k }, (_, e) => (targets[e] ?? 0) % n);
        const distances = new Float32Array(n * k);
        for (let i = 0; i < n; i++) {
          const row = steps.slice(i * k, (i + 1) * k).sort((a, b) => a - b);
          distances.set(row, i * k);
        }
        const initial = scattered(n, dimensions, 1).map((value, at) =>
          known[Math.floor(at / dimensions)] ? value * 8 : Number.NaN,
        );
        const options = { dimensions, seed, epochs: 12, ...(begin ? { initial } : {}) };
        const positions = runUmap({ k, indices, distances }, options);
        expect(positions.length).toBe(n * dimensions);
        expect(positions.every(Number.isFinite)).toBe(true);
        if (!begin) expect(extent(positions)).toBeLessThan(10.01);
        expect(runUmap({ k, indices, distances }, options)).toEqual(positions);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('less than half placed: begins there, and fits the frame again', () => {
    const set = blobs({ n: 60, dimension: 6, groups: 3, seed: 4 });
    const initial = new Float32Array(120).fill(Number.NaN);
    initial.set(scattered(20, 2, 1));
    const neighbors = exactNeighbors(set.vectors, 6, 8);
    const positions = runUmap(neighbors, { dimensions: 2, seed: 1, epochs: 100, initial });
    expect(extent(positions)).toBeCloseTo(10, 4);
    expect(positions).not.toEqual(runUmap(neighbors, { dimensions: 2, seed: 1, epochs: 100 }));
  });

  test('what is wrong is said, with the row', () => {
    const good = exactNeighbors(scattered(6, 3, 1), 3, 2);
    const run = (change: Partial<typeof good>) => () =>
      runUmap({ ...good, ...change }, { dimensions: 2, seed: 1 });
    const distances = good.distances.slice();
    distances[5] = Number.NaN;
    expect(run({ distances })).toThrow('Row 2, neighbor 1 is at distance NaN; distances must be finite.');
    const indices = good.indices.slice();
    indices[3] = 6;
    expect(run({ indices })).toThrow('Row 1, neighbor 1 is item 6, but there are only 6 items.');
    expect(run({ k: 5 })).toThrow(InvalidNeighbors);
    expect(() => runUmap(good, { dimensions: 2, seed: 1, initial: new Float32Array(11) })).toThrow(
      'initial has 11 numbers; 6 items in 2 dimensions need 12.',
    );
  });
});

function closest(positions: Float32Array, dimensions: number): number {
  const n = positions.length / dimensions;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) {
        sum += ((positions[i * dimensions + d] ?? 0) - (positions[j * dimensions + d] ?? 0)) ** 2;
      }
      least = Math.min(least, Math.sqrt(sum));
    }
  }
  return least;
}

function meanOf(positions: Float32Array, dimensions: number, d: number): number {
  const n = positions.length / dimensions;
  return (
    Array.from({ length: n }, (_, i) => positions[i * dimensions + d] ?? 0).reduce((a, b) => a + b, 0) / n
  );
}

/** Distance of the means of even and odd items, over the mean distance of an item from its own mean. */
function separation(positions: Float32Array, n: number): number {
  const middle = [0, 1].map((part) => {
    const own = Array.from({ length: n }, (_, i) => i).filter((i) => i % 2 === part);
    const x = own.reduce((sum, i) => sum + (positions[2 * i] ?? 0), 0) / own.length;
    const y = own.reduce((sum, i) => sum + (positions[2 * i + 1] ?? 0), 0) / own.length;
    const radius =
      own.reduce(
        (sum, i) => sum + Math.hypot((positions[2 * i] ?? 0) - x, (positions[2 * i + 1] ?? 0) - y),
        0,
      ) / own.length;
    return { x, y, radius };
  });
  const [a, b] = middle;
  if (!a || !b) return 0;
  return Math.hypot(a.x - b.x, a.y - b.y) / Math.max(a.radius, b.radius);
}
