import type { Job } from '../common/job.ts';
import type { Neighbors } from '../metrics/engine.ts';

export interface LayoutOptions {
  readonly dimensions: 2 | 3;
  readonly seed: number;
  /** Rounds of optimization; by size unless told. */
  readonly epochs?: number | undefined;
  /** 0..1: how tightly points may pack; 0.1 unless told. */
  readonly minDist?: number | undefined;
  /** n × dimensions, row-major: where to begin. A row of NaN is placed among its neighbors that have a position. */
  readonly initial?: Float32Array<ArrayBuffer> | undefined;
  /** Hears of intermediate positions (n × dimensions, a copy) as the map settles. */
  readonly onPositions?:
    | ((positions: Float32Array<ArrayBuffer>, epoch: number, epochs: number) => void)
    | undefined;
}

/** Lays a neighbor graph out on a plane or in space. Lives in a worker. */
export interface Layout {
  /**
   * @param neighbors n × k, self left out
   * @returns n × dimensions, row-major, centered, largest extent about ±10
   */
  umap(neighbors: Neighbors, options: LayoutOptions, job?: Job): Promise<Float32Array<ArrayBuffer>>;
  dispose(): void;
}
