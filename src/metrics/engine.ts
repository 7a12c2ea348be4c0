import type { Job } from '../common/job.ts';

export type MetricId = 'euclidean' | 'manhattan' | 'cosine' | 'hamming' | 'dot';

/** How real vectors become bits under Hamming: one bit a dimension, set where the value is above the threshold. */
export type BitThreshold = 'median' | 'mean' | 'zero';

/** A set of vectors in memory: n × dimension, row-major. */
export interface VectorSet {
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly dimension: number;
}

/** Exact nearest neighbors: `indices` and `distances` are queries × k, row-major, nearest first, ties by lower index. */
export interface Neighbors {
  readonly k: number;
  readonly indices: Uint32Array<ArrayBuffer>;
  readonly distances: Float32Array<ArrayBuffer>;
}

export interface NeighborsOptions {
  readonly metric: MetricId;
  /** 1..n−1 among the set itself (self is left out), 1..n for queries other than the set. */
  readonly k: number;
  /** Other queries than the set itself: m × dimension. */
  readonly queries?: VectorSet | undefined;
  /** Only for `hamming` on real vectors; 'median' unless told. */
  readonly threshold?: BitThreshold | undefined;
}

export interface DistancesOptions {
  readonly metric: MetricId;
  /** The second set; the first again unless told. */
  readonly columns?: VectorSet | undefined;
  readonly threshold?: BitThreshold | undefined;
}

/** CLIP-style similarity of m pictures and l labels; every array is m × l, row-major. */
export interface Similarity {
  /** scale · cosine similarity */
  readonly logits: Float32Array<ArrayBuffer>;
  /** softmax over the labels of each picture: rows sum to 1 */
  readonly overLabels: Float32Array<ArrayBuffer>;
  /** softmax over the pictures of each label: columns sum to 1 */
  readonly overPictures: Float32Array<ArrayBuffer>;
}

/**
 * Measures distances. One engine runs the WGSL kernels, one runs the same functions on the CPU in a worker; both
 * give the same results within the tolerances of docs/metrics.md.
 */
export interface MetricEngine {
  readonly path: 'webgpu' | 'cpu';
  neighbors(base: VectorSet, options: NeighborsOptions, job?: Job): Promise<Neighbors>;
  /** n × m distances, row-major. */
  distances(rows: VectorSet, options: DistancesOptions, job?: Job): Promise<Float32Array<ArrayBuffer>>;
  /** `scale` multiplies the cosine similarity (at most 100); 100 unless told. */
  similarity(
    pictures: VectorSet,
    labels: VectorSet,
    options?: { readonly scale?: number },
    job?: Job,
  ): Promise<Similarity>;
  dispose(): void;
}
