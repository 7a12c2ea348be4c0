// Order, scale, means and cells of the distance matrix, against plain code.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOrderWork } from '../../src/compare/order/order-work.ts';
import { cellAt, fitCamera, keepIn, panCamera, revealCell, zoomCamera } from '../../src/matrix/camera.ts';
import { orderByLabel, orderByMap } from '../../src/matrix/orders.ts';
import { frameOf } from '../../src/matrix/painter.ts';
import { makePicture } from '../../src/matrix/picture.ts';
import { emptyPyramid, fillMeans } from '../../src/matrix/pyramid.ts';
import type { Distances } from '../../src/matrix/scale.ts';
import { createMatrixWork } from '../../src/matrix/work.ts';
import { createRandom } from '../../src/projection/random.ts';

/** Of points on a line: the distance of two is that of their places. */
function lineDistances(places: readonly number[], nearest: Distances['nearest'] = 'smallest'): Distances {
  const count = places.length;
  const values = new Float32Array(count * count);
  places.forEach((a, row) => {
    places.forEach((b, column) => {
      values[row * count + column] = nearest === 'smallest' ? Math.abs(a - b) : 0 - Math.abs(a - b);
    });
  });
  return { count, values, nearest };
}

const plain = (count: number) => Uint32Array.from({ length: count }, (_, item) => item);

describe('means', () => {
  // Sizes that are a power of two, one more, one less, and none of them.
  test.each([1, 2, 3, 5, 8, 17, 33, 100])(
    'of a side of %i cells are within half of those of plain code',
    (count) => {
      const random = createRandom(count);
      const pyramid = emptyPyramid(count);
      for (let at = 0; at < count * count; at++) pyramid.bytes[at] = Math.floor(random() * 256);
      fillMeans(pyramid);
      expect(pyramid.levels.at(-1)?.width).toBe(1);
      pyramid.levels.forEach(({ offset, width }, level) => {
        const block = 2 ** level;
        for (let row = 0; row < width; row++) {
          for (let column = 0; column < width; column++) {
            let sum = 0;
            let cells = 0;
            for (let y = row * block; y < Math.min(count, (row + 1) * block); y++) {
              for (let x = column * block; x < Math.min(count, (column + 1) * block); x++) {
                sum += pyramid.bytes[y * count + x] ?? 0;
                cells++;
              }
            }
            const found = pyramid.bytes[offset + row * width + column] ?? 0;
            // Half a step of rounding, and what 32-bit floats lose.
            expect(Math.abs(found - sum / cells)).toBeLessThan(0.501);
          }
        }
      });
    },
  );
});

describe('order', () => {
  test('by label: label by label, the likeliest first, those without one last', () => {
    const labels = Int32Array.of(1, -1, 0, 1, 0, -1);
    const shares = Float32Array.of(0.4, 0, 0.5, 0.9, 0.5, 0);
    expect([...orderByLabel(labels, shares)]).toEqual([2, 4, 3, 0, 1, 5]);
  });

  test('by map: every step of a Hilbert curve through a square is to a cell beside the last', () => {
    const side = 8;
    const positions = new Float32Array(side * side * 2);
    for (let at = 0; at < side * side; at++) positions.set([at % side, Math.floor(at / side)], at * 2);
    const order = orderByMap(positions, 2);
    expect([...order].sort((a, b) => a - b)).toEqual([...plain(side * side)]);
    for (let place = 1; place < order.length; place++) {
      const [a = 0, b = 0] = order.subarray(place - 1, place + 1);
      const steps = Math.abs((a % side) - (b % side)) + Math.abs(Math.floor(a / side) - Math.floor(b / side));
      expect(steps).toBe(1);
    }
  });

  test('by map in space, too, and items without a place come last', () => {
    const corners = Float32Array.of(0, 0, 0, Number.NaN, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0);
    const order = [...orderByMap(corners, 3)];
    expect(order.at(-1)).toBe(1);
    expect(order[0]).toBe(0);
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test('by cluster, of distances and of a similarity alike: points on a line in their order', () => {
    const places = [5, 1, 9, 2, 8, 4.5];
    for (const nearest of ['smallest', 'largest'] as const) {
      const { count, values } = lineDistances(places, nearest);
      const work = createOrderWork();
      work.begin(count);
      work.take(0, values.slice(0, 2 * count));
      work.take(2, values.slice(2 * count));
      const { order, tree } = work.order('average', nearest === 'largest', () => undefined);
      const along = [...order].map((item) => places[item] ?? 0);
      if ((along[0] ?? 0) > (along[1] ?? 0)) along.reverse();
      expect(along).toEqual([1, 2, 4.5, 5, 8, 9]);
      expect(tree.count).toBe(count);
    }
  });
});

describe('picture', () => {
  const distances = lineDistances([0, 1, 3, 10]);

  test('one metric by its distances, in order', () => {
    const order = Uint32Array.of(3, 0, 2, 1);
    const { bytes, upper } = makePicture({ showing: 'one', scale: 'distance', upper: distances, order });
    expect(upper).toEqual({ smallest: 1, largest: 10 });
    const expected = [...order].flatMap((row) =>
      [...order].map((column) => {
        const distance = distances.values[row * 4 + column] ?? 0;
        return row === column ? 0 : Math.round((255 * (distance - 1)) / 9);
      }),
    );
    expect([...bytes.subarray(0, 16)]).toEqual(expected);
  });

  test('by rank: the share of pairs that are nearer, with half of those as near', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 12 }),
        fc.constantFrom('smallest' as const, 'largest' as const),
        (places, nearest) => {
          const ranked = lineDistances(places, nearest);
          const { count, values } = ranked;
          const { bytes } = makePicture({
            showing: 'one',
            scale: 'rank',
            upper: ranked,
            order: plain(count),
          });
          const pairs: number[] = [];
          for (let row = 0; row < count; row++)
            for (let column = row + 1; column < count; column++)
              pairs.push((nearest === 'smallest' ? 1 : -1) * (values[row * count + column] ?? 0));
          const same = new Set(pairs).size === 1;
          for (let row = 0; row < count; row++) {
            for (let column = row + 1; column < count; column++) {
              const own = (nearest === 'smallest' ? 1 : -1) * (values[row * count + column] ?? 0);
              const nearer = pairs.filter((pair) => pair < own).length;
              const equal = pairs.filter((pair) => pair === own).length;
              const place = same ? 0 : (nearer + equal / 2) / pairs.length;
              // A byte is rounded once.
              expect(Math.abs((bytes[row * count + column] ?? 0) - 255 * place)).toBeLessThan(0.51);
            }
          }
        },
      ),
      // Each makes a table of a million places.
      { numRuns: 25 },
    );
  });

  test('two metrics in two triangles, each on its own range', () => {
    const lower = lineDistances([0, 100, 100, 400], 'largest');
    const { bytes, lower: range } = makePicture({
      showing: 'triangles',
      scale: 'distance',
      upper: distances,
      lower,
      order: plain(4),
    });
    expect(range).toEqual({ smallest: -400, largest: 0 });
    // 0 and 3 are the farthest of both; 1 and 2 the nearest of the lower one only.
    expect([bytes[3], bytes[12]]).toEqual([255, 255]);
    expect([bytes[6], bytes[9]]).toEqual([Math.round(255 / 9), 0]);
  });

  test('a difference is the same in both triangles and 0 in the middle', () => {
    const { bytes, most } = makePicture({
      showing: 'difference',
      scale: 'distance',
      upper: distances,
      lower: lineDistances([10, 9, 3, 0]),
      order: plain(4),
    });
    const differences = (a: number, b: number) => (bytes[a * 4 + b] ?? 0) - 128;
    // Turned around: 0–1 is 1 in both; 0–2 is 3 and 7; 1–3 is 9 and 9.
    expect([differences(0, 1), differences(1, 3), differences(2, 2)]).toEqual([0, 0, 0]);
    expect(most).toBeCloseTo(4 / 9, 6);
    expect([differences(0, 2), differences(2, 0), differences(2, 3)]).toEqual([-127, -127, 127]);
  });

  test('what the worker keeps is given back exactly', () => {
    const work = createMatrixWork();
    work.begin('line', 4, 'smallest');
    work.take('line', 0, distances.values.slice(0, 8));
    work.take('line', 2, distances.values.slice(8));
    expect(work.pair(['line', 'line'], 1, 3)).toEqual([9, 9]);
    expect([...work.rows('line', 1, 1)]).toEqual([1, 0, 2, 9]);
    expect([...work.inOrder('line', Uint32Array.of(3, 0, 1, 2))].slice(0, 4)).toEqual([0, 10, 9, 7]);
    const picture = work.picture({
      showing: 'one',
      scale: 'distance',
      upper: 'line',
      lower: 'line',
      order: plain(4),
    });
    expect(picture.bytes[3]).toBe(255);
    work.keepOnly([]);
    expect(() => work.pair(['line'], 0, 0)).toThrow('line');
  });
});

describe('camera', () => {
  const size = { width: 300, height: 200 };
  const count = 50;

  test('all fits in the middle, and cells are found by their pixels', () => {
    const camera = fitCamera(count, size);
    expect(camera).toEqual({ cell: 4, left: 50, top: 0 });
    expect(cellAt(camera, count, 50, 0)).toEqual({ row: 0, column: 0 });
    expect(cellAt(camera, count, 249.9, 7.9)).toEqual({ row: 1, column: 49 });
    expect(cellAt(camera, count, 49.9, 7)).toBeNull();
    expect(cellAt(camera, count, 250, 7)).toBeNull();
  });

  test('zooming keeps the cell under the pointer, within bounds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 60, max: 240, noNaN: true }),
        fc.double({ min: 5, max: 195, noNaN: true }),
        fc.double({ min: 1, max: 40, noNaN: true }),
        (x, y, factor) => {
          const camera = fitCamera(count, size);
          const near = zoomCamera(camera, factor, x, y, count, size);
          expect(near.cell).toBeLessThanOrEqual(64);
          // Unless the matrix would leave its plot.
          const free = near.left < 0 && near.top < 0 && near.left + near.cell * count > size.width;
          if (free && near.top + near.cell * count > size.height) {
            expect((x - near.left) / near.cell).toBeCloseTo((x - camera.left) / camera.cell, 6);
            expect((y - near.top) / near.cell).toBeCloseTo((y - camera.top) / camera.cell, 6);
          }
          const back = zoomCamera(near, 1e-3, x, y, count, size);
          expect(back.left).toBeCloseTo(camera.left, 9);
          expect(back.cell).toBeCloseTo(camera.cell, 9);
        },
      ),
    );
  });

  test('a pan ends where the matrix does, and a cell is brought into view', () => {
    const near = keepIn({ cell: 20, left: 0, top: 0 }, count, size);
    expect(panCamera(near, 50, 50, count, size)).toEqual(near);
    expect(panCamera(near, -5000, -5000, count, size)).toEqual({ cell: 20, left: -700, top: -800 });
    const seen = revealCell(near, { row: 30, column: 2 }, count, size);
    expect(seen).toEqual({ cell: 20, left: 0, top: 200 - 32 * 20 });
    expect(revealCell(seen, { row: 30, column: 2 }, count, size)).toEqual(seen);
  });

  test('the level whose blocks are no larger than a pixel is drawn', () => {
    const pyramid = emptyPyramid(64);
    const levelAt = (cell: number) => frameOf(pyramid, { left: 0, top: 0, cell }, 1, [0, 0, 0]).block;
    expect([levelAt(8), levelAt(1), levelAt(0.51), levelAt(0.5), levelAt(0.2), levelAt(0.001)]).toEqual([
      1, 1, 1, 2, 4, 64,
    ]);
    expect(frameOf(pyramid, { left: -8, top: 4, cell: 4 }, 2, [0, 0, 0])).toMatchObject({
      left: 2,
      top: -1,
      step: 0.125,
    });
  });
});
