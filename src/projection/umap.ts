import { UMAP } from 'umap-js';
import type { Neighbors } from '../metrics/engine.ts';
import { defaultEpochs } from './epochs.ts';
import { placeFew } from './few.ts';
import { fitFrame } from './frame.ts';
import { fuzzyGraph, InvalidNeighbors, type NeighborRows, readNeighbors } from './graph.ts';
import type { LayoutOptions } from './layout.ts';
import { createRandom } from './random.ts';
import { spectralStart } from './spectral.ts';
import { completeStart, countPlaced, isPlaced } from './start.ts';

/** What a layout can be told that can be sent to a worker. */
export type UmapOptions = Omit<LayoutOptions, 'onPositions'>;

/** Hears of each finished epoch (0: the start); `read` gives the positions of that moment as a copy. */
export type OnEpoch = (epoch: number, epochs: number, read: () => Float32Array<ArrayBuffer>) => void;

// A join keeps the frame and only makes room: after every epoch this share of a placed item's way from where it was is
// undone, and the steps are half as long as in a full layout. Measured in docs/projection.md.
const JOIN_PULL = 0.2;
const JOIN_LEARNING_RATE = 0.5;

/**
 * Lays a neighbor graph out by UMAP (McInnes, Healy and Melville 2018), through umap-js. The same arguments give the
 * same bits in the same engine.
 *
 * With no `initial` it starts from the graph's smoothest directions (see {@link spectralStart}). With `initial` of
 * which at least half the rows have a position, the others join: the frame stays as it is, and placed ones are held
 * near where they are, most where all are placed, least where half are new; so a map that grows in large steps can
 * still change its shape. With less than half it is only where the layout begins.
 *
 * @returns n × dimensions, row-major; centered, largest half extent 10, but for a join
 * @throws {InvalidNeighbors} when the neighbors are not rows of finite distances, or `initial` has another length
 */
export function runUmap(
  neighbors: Neighbors,
  options: UmapOptions,
  onEpoch: OnEpoch = () => {},
): Float32Array<ArrayBuffer> {
  const { dimensions, initial } = options;
  const rows = readNeighbors(neighbors);
  // k = 0 is the one item that has no others, unless `initial` tells of more (or of none).
  const n = neighbors.k > 0 ? rows.n : (initial?.length ?? dimensions) / dimensions;
  if (initial && initial.length !== n * dimensions) {
    throw new InvalidNeighbors(
      `initial has ${initial.length} numbers; ${n} items in ${dimensions} dimensions need ${n * dimensions}.`,
    );
  }
  const placed = initial ? countPlaced(initial, dimensions) : 0;
  if (n <= 4 || rows.k === 0) {
    const result = placeWithout(n, dimensions, initial, placed);
    onEpoch(0, 0, () => result.slice());
    return result;
  }

  const random = createRandom(options.seed);
  const graph = fuzzyGraph(rows);
  const joining = placed > 0 && placed >= n / 2;
  // Never 0, or a map that doubles would leave its frame: unheld pieces drift apart.
  const kept = joining ? 0.2 + 0.8 * ((2 * placed) / n - 1) : 0;
  const start =
    initial && placed > 0
      ? completeStart(graph, initial, dimensions, random)
      : spectralStart(graph, dimensions, random);
  const frame = (positions: Float64Array): Float32Array<ArrayBuffer> =>
    joining ? Float32Array.from(positions) : fitFrame(positions, dimensions);
  const epochs = options.epochs ?? defaultEpochs(n, kept);
  onEpoch(0, epochs, () => frame(start));
  if (epochs < 1) return frame(start);

  const umap = new UMAP({
    nComponents: dimensions,
    nEpochs: epochs,
    minDist: options.minDist ?? 0.1,
    spread: 1,
    learningRate: 1 + kept * (JOIN_LEARNING_RATE - 1),
    // umap-js counts the item itself, and refuses as many neighbors as there are items.
    nNeighbors: Math.min(rows.k + 1, n - 1),
    random,
  });
  const { indices, distances } = withSelf(rows);
  umap.setPrecomputedKNN(indices, distances);
  // With neighbors given, umap-js asks of the data only how many rows it has.
  umap.initializeFit(indices);
  const live = umap.getEmbedding();
  live.forEach((point, i) => {
    for (let d = 0; d < dimensions; d++) point[d] = start[i * dimensions + d] ?? 0;
  });
  const held = joining && initial ? live.map((_, i) => isPlaced(initial, i, dimensions)) : undefined;
  const read = (): Float32Array<ArrayBuffer> => frame(Float64Array.from(live.flat()));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    if (held) pullBack(live, start, held, JOIN_PULL * kept);
    onEpoch(epoch, epochs, read);
  }
  return read();
}

function placeWithout(
  n: number,
  dimensions: 2 | 3,
  initial: Float32Array<ArrayBuffer> | undefined,
  placed: number,
): Float32Array<ArrayBuffer> {
  const byHand = placeFew(n, dimensions);
  if (!initial || placed < n / 2) return byHand;
  return byHand.map((value, at) => {
    const row = Math.floor(at / dimensions);
    return isPlaced(initial, row, dimensions) ? (initial[at] ?? 0) : value;
  });
}

/** umap-js wants each row to begin with the item itself, at distance 0. */
function withSelf(rows: NeighborRows): { indices: number[][]; distances: number[][] } {
  const { n, k } = rows;
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let i = 0; i < n; i++) {
    indices.push([i, ...rows.indices.subarray(i * k, (i + 1) * k)]);
    distances.push([0, ...rows.distances.subarray(i * k, (i + 1) * k)]);
  }
  return { indices, distances };
}

function pullBack(live: number[][], start: Float64Array, held: readonly boolean[], share: number): void {
  live.forEach((point, i) => {
    if (!held[i]) return;
    for (let d = 0; d < point.length; d++) {
      const here = point[d] ?? 0;
      point[d] = here + share * ((start[i * point.length + d] ?? 0) - here);
    }
  });
}
