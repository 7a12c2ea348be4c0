import * as Comlink from 'comlink';
import type { Neighbors } from '../metrics/engine.ts';
import { classicalScaling, type LandmarkDistances, type ScalingResult } from './classical-scaling.ts';
import { type PcaResult, pca } from './pca.ts';
import { runUmap, type UmapOptions } from './umap.ts';

/** Positions as they are now; not awaited by the worker. */
export type Tell = (
  epoch: number,
  epochs: number,
  positions: Float32Array<ArrayBuffer> | undefined,
  what: string,
) => void;

/** Ten pictures a second look live; more would only cost time. */
const INTERVAL_MS = 100;

const worker = {
  umap(neighbors: Neighbors, options: UmapOptions, watch: boolean, tell: Tell): Float32Array<ArrayBuffer> {
    let told = Number.NEGATIVE_INFINITY;
    const result = runUmap(neighbors, options, (epoch, epochs, read) => {
      const now = performance.now();
      if (epoch < epochs && now - told < INTERVAL_MS) return;
      told = now;
      const what = epoch === 0 ? 'Building the neighbor graph' : 'Settling the map';
      const positions = watch ? read() : undefined;
      tell(epoch, epochs, positions && Comlink.transfer(positions, [positions.buffer]), what);
    });
    return Comlink.transfer(result, [result.buffer]);
  },
  pca(vectors: Float32Array<ArrayBuffer>, dimension: number, dimensions: 2 | 3, tell: Tell): PcaResult {
    const result = pca(vectors, dimension, dimensions, (round, rounds) => {
      tell(round, rounds, undefined, 'Finding the principal directions');
    });
    return Comlink.transfer(result, [result.positions.buffer]);
  },
  classicalScaling(distances: LandmarkDistances, dimensions: 2 | 3, tell: Tell): ScalingResult {
    const result = classicalScaling(distances, dimensions, (row, rows) => {
      tell(row, rows, undefined, 'Scaling the distances');
    });
    return Comlink.transfer(result, [result.positions.buffer]);
  },
};

/** What the page can ask of the worker. */
export type UmapWorker = typeof worker;

Comlink.expose(worker);
