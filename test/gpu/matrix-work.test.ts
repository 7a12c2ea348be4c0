// The workers behind the matrix: distances are kept and read exactly, an order is that of plain code, and an abort leaves nothing behind.
import { afterAll, expect, test } from 'vitest';
import { findClusterOrder } from '../../src/compare/order/find-order.ts';
import { optimalLeafOrder } from '../../src/compare/order/leaf-order.ts';
import { cluster } from '../../src/compare/order/linkage.ts';
import { type OpenMatrixWork, openMatrixWork, type RowBlock } from '../../src/matrix/open-matrix-work.ts';
import { createRandom } from '../../src/projection/random.ts';

/** Distances of random points in a square. */
function distancesOf(count: number): Float32Array<ArrayBuffer> {
  const random = createRandom(count);
  const points = Array.from({ length: count }, () => [random(), random()] as const);
  return Float32Array.from(points.flatMap(([x, y]) => points.map(([u, v]) => Math.hypot(x - u, y - v))));
}

/** The rows, so many at a time, copied: they are handed over. */
async function* stream(
  distances: Float32Array<ArrayBuffer>,
  count: number,
  rows: number,
): AsyncGenerator<RowBlock> {
  for (let firstRow = 0; firstRow < count; firstRow += rows)
    yield { firstRow, distances: distances.slice(firstRow * count, (firstRow + rows) * count) };
}

const opened: OpenMatrixWork[] = [];
async function open(): Promise<OpenMatrixWork> {
  const work = await openMatrixWork();
  opened.push(work);
  return work;
}
afterAll(() => {
  for (const work of opened) work.dispose();
});

test('distances that were kept are read exactly, and drawn in order', async () => {
  const work = await open();
  const count = 37;
  const distances = distancesOf(count);
  await work.keep('a', { count, nearest: 'smallest' }, stream(distances, count, 10));
  expect(await work.pair(['a', 'a'], 3, 30)).toEqual(Array(2).fill(distances[3 * count + 30]));
  const back: number[] = [];
  for await (const { distances: rows } of work.rows('a', count)) back.push(...rows);
  expect(back).toEqual([...distances]);
  const order = Uint32Array.from({ length: count }, (_, place) => count - 1 - place);
  expect([...(await work.inOrder('a', order))]).toEqual([...distances].reverse());
  const picture = await work.picture({
    showing: 'one',
    scale: 'rank',
    upper: 'a',
    lower: 'a',
    order,
  });
  expect(picture.count).toBe(count);
  expect(picture.upper.largest).toBe(Math.max(...distances));
});

test('a stream that is stopped or that fails is forgotten, and the rest stays', async () => {
  const work = await open();
  const count = 12;
  const distances = distancesOf(count);
  await work.keep('whole', { count, nearest: 'smallest' }, stream(distances, count, 5));
  const controller = new AbortController();
  async function* stopping() {
    for await (const rows of stream(distances, count, 4)) {
      yield rows;
      controller.abort(new DOMException('Enough.', 'AbortError'));
    }
  }
  const size = { count, nearest: 'smallest' as const };
  await expect(work.keep('part', size, stopping(), { signal: controller.signal })).rejects.toThrow('Enough.');
  expect([work.has('whole'), work.has('part')]).toEqual([true, false]);
  await expect(work.pair(['part'], 0, 1)).rejects.toThrow('part');
  expect(await work.pair(['whole'], 0, 1)).toEqual([distances[1]]);
});

test('an order by cluster is that of plain code, and an abort ends one', async () => {
  const count = 150;
  const distances = distancesOf(count);
  const told: number[] = [];
  const question = { count, linkage: 'average' as const, isSimilarity: false };
  const { order, tree } = await findClusterOrder(stream(distances, count, 64), question, {
    onProgress: (done) => told.push(done),
  });
  const plain = cluster(distances, count, 'average');
  expect([...tree.heights]).toEqual([...plain.heights]);
  expect([...order]).toEqual([...optimalLeafOrder(distances, plain)]);
  expect(told.every((share, at) => share > (told[at - 1] ?? 0) && share <= 1)).toBe(true);

  const controller = new AbortController();
  const stopped = findClusterOrder(stream(distances, count, 64), question, { signal: controller.signal });
  controller.abort();
  await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});
