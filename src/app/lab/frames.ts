/** From embeddings to places on the lab's map. */
import type { Neighbors } from '../../metrics/engine.ts';
import { align } from '../../projection/align.ts';
import type { Block } from '../../projection/block.ts';
import { fitFrame } from '../../projection/frame.ts';
import { runUmap } from '../../projection/umap.ts';
import { livePca } from './live-pca.ts';
import type { Projection } from './state.ts';

export interface FrameRequest {
  /** n × width, row-major; all modalities that are shown below one another. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly projection: Projection;
  /** Whether the rows are the frame's before, so that it is turned to lie as that one did. */
  readonly follows: boolean;
}

export interface Frame {
  /** n × 2, the largest half extent 10. */
  readonly positions: Float32Array<ArrayBuffer>;
  /** PCA: shares of the variance that the two directions have, in 0..1. */
  readonly explained: readonly [number, number] | undefined;
}

const NEIGHBORS = 15;
// As a share of the rows' own length: an embedding that collapses is to be seen as a point, not as its rounding errors in large.
const LEAST_EXTENT = 0.1;
// UMAP goes on from the frame before, so that few rounds are enough.
const EPOCHS = { first: 200, next: 40 };

/** Frames of one map, each turned to lie as the one before did. Lives in a worker. */
export function createFramer(): (request: FrameRequest) => Frame {
  let directions: Block = [];
  let last: Float32Array<ArrayBuffer> | undefined;
  return ({ values, width, projection, follows }) => {
    const before = follows && last && last.length * width === values.length * 2 ? last : undefined;
    const frame = projection === 'pca' ? byPca() : byUmap();
    last = frame.positions;
    return frame;

    function byPca(): Frame {
      const found = livePca(values, width, before ? directions : []);
      directions = found.directions;
      const placed = place(found.scores, LEAST_EXTENT * rootMeanNorm(values, width));
      return { positions: before ? align(placed, before, 2) : placed, explained: found.explained };
    }

    function byUmap(): Frame {
      const options = {
        dimensions: 2,
        seed: 1,
        ...(before ? { initial: before, epochs: EPOCHS.next } : { epochs: EPOCHS.first }),
      } as const;
      const placed = runUmap(nearestOf(values, width), options);
      return { positions: fitFrame(before ? align(placed, before, 2) : placed, 2), explained: undefined };
    }
  };
}

/** As `fitFrame`, but what is smaller than `least` stays small. */
function place(scores: Float64Array<ArrayBuffer>, least: number): Float32Array<ArrayBuffer> {
  const placed = fitFrame(scores, 2);
  const half = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  return half >= least ? placed : placed.map((value) => (value * half) / least);
}

function rootMeanNorm(values: Float32Array, width: number): number {
  const sum = values.reduce((all, value) => all + value * value, 0);
  return Math.sqrt(sum / Math.max(1, values.length / width));
}

/** Euclidean, exact, without the row itself; ties by the lower index. */
function nearestOf(values: Float32Array, width: number): Neighbors {
  const n = values.length / width;
  const k = Math.min(NEIGHBORS, n - 1);
  const indices = new Uint32Array(n * k);
  const distances = new Float32Array(n * k);
  const squared = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    for (let other = 0; other < n; other++) {
      let sum = 0;
      for (let at = 0; at < width; at++) {
        sum += ((values[row * width + at] ?? 0) - (values[other * width + at] ?? 0)) ** 2;
      }
      squared[other] = sum;
    }
    const order = Array.from({ length: n }, (_, other) => other)
      .filter((other) => other !== row)
      .sort((a, b) => (squared[a] ?? 0) - (squared[b] ?? 0) || a - b)
      .slice(0, k);
    order.forEach((other, at) => {
      indices[row * k + at] = other;
      distances[row * k + at] = Math.sqrt(squared[other] ?? 0);
    });
  }
  return { k, indices, distances };
}
