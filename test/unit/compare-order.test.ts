// Hierarchies and their leaf orders against SciPy (tools/make-hierarchy-fixtures.py), and against trying every order.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { optimalLeafOrder, plainOrder } from '../../src/compare/order/leaf-order.ts';
import { cluster, type Dendrogram, type Linkage } from '../../src/compare/order/linkage.ts';

// Distances come as float32; heights are sums of some tens of them in float64.
const HEIGHT_TOLERANCE = 1e-9;
// Sums of costs are kept in float32.
const LENGTH_TOLERANCE = 1e-5;

const LINKAGES: readonly Linkage[] = ['average', 'complete', 'single', 'ward'];

const { rows, cases } = z
  .object({
    rows: z.array(z.array(z.number())),
    cases: z.record(z.string(), z.object({ merges: z.array(z.array(z.number())), length: z.number() })),
  })
  .parse(JSON.parse(readFileSync('test/fixtures/compare/hierarchy.json', 'utf8')));

describe.each(LINKAGES)('%s', (linkage) => {
  const near = distancesOf(rows);
  const tree = cluster(near, rows.length, linkage);

  test('the merges are those of SciPy', () => {
    const { merges = [] } = cases[linkage] ?? {};
    expect(merges).toHaveLength(rows.length - 1);
    merges.forEach(([first, second, height = 0, size], merge) => {
      expect([...tree.children.slice(2 * merge, 2 * merge + 2), tree.sizes[merge]]).toEqual([
        first,
        second,
        size,
      ]);
      expect(Math.abs((tree.heights[merge] ?? 0) - height)).toBeLessThan(HEIGHT_TOLERANCE * (1 + height));
    });
  });

  test('the order is one that the hierarchy allows, and no longer than SciPy’s', () => {
    const told: number[] = [];
    const order = optimalLeafOrder(near, tree, (done, total) => told.push(done / total));
    const { length = 0 } = cases[linkage] ?? {};
    // SciPy 1.17's order is not the shortest that there is, which the next test finds by trying all.
    expect(lengthOf(near, order)).toBeLessThan(length);
    expect(lengthOf(near, plainOrder(tree))).toBeGreaterThan(length);
    expect(keepsTogether(order, tree)).toBe(true);
    expect([told.length, told.at(-1)]).toEqual([rows.length - 1, 1]);
  });
});

test('no turn of any branch makes the order shorter', () => {
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(points, fc.constantFrom(...LINKAGES), (places, linkage) => {
      const near = distancesOf(places);
      const tree = cluster(near, places.length, linkage);
      const found = optimalLeafOrder(near, tree);
      const least = Math.min(...ordersOf(tree).map((order) => lengthOf(near, order)));
      expect([...found].sort((a, b) => a - b)).toEqual([...places.keys()]);
      expect(lengthOf(near, found)).toBeLessThanOrEqual(least + LENGTH_TOLERANCE * (1 + least));
    }),
    { numRuns: 200 },
  );
});

test('nothing, one and two items, and items that are all the same', () => {
  for (const count of [0, 1, 2, 9]) {
    const near = new Float32Array(count * count);
    const tree = cluster(near, count, 'average');
    expect([...optimalLeafOrder(near, tree)].sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
  }
  expect(() => cluster(new Float32Array(3), 2, 'average')).toThrow(
    'The distances of 2 items are 4 numbers, and these are 3.',
  );
});

function distancesOf(points: readonly (readonly number[])[]): Float32Array<ArrayBuffer> {
  const rowsOf = points.flatMap((a) =>
    points.map((b) => Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)))),
  );
  return Float32Array.from(rowsOf);
}

function lengthOf(near: Float32Array, order: ArrayLike<number>): number {
  const count = order.length;
  let sum = 0;
  for (let at = 1; at < count; at++) sum += near[(order[at - 1] ?? 0) * count + (order[at] ?? 0)] ?? 0;
  return sum;
}

/** Members of every cluster. */
function clusters({ count, children }: Dendrogram): number[][] {
  const found: number[][] = Array.from({ length: count }, (_, item) => [item]);
  for (let merge = 0; merge < count - 1; merge++)
    found.push([...(found[children[2 * merge] ?? 0] ?? []), ...(found[children[2 * merge + 1] ?? 0] ?? [])]);
  return found;
}

/** Whether the members of each cluster follow one another. */
function keepsTogether(order: Uint32Array, tree: Dendrogram): boolean {
  return clusters(tree).every((members) => {
    const places = members.map((item) => order.indexOf(item));
    return Math.max(...places) - Math.min(...places) === members.length - 1;
  });
}

/** Every order that the hierarchy allows. */
function ordersOf({ count, children }: Dendrogram): number[][] {
  const below = (id: number): number[][] => {
    if (id < count) return [[id]];
    const first = below(children[2 * (id - count)] ?? 0);
    const second = below(children[2 * (id - count) + 1] ?? 0);
    return first.flatMap((a) =>
      second.flatMap((b) => [
        [...a, ...b],
        [...b, ...a],
      ]),
    );
  };
  return below(Math.max(0, 2 * count - 2));
}
