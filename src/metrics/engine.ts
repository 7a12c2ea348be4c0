import type { Job } from '../common/job.ts';

export type MetricId = 'euclidean' | 'manhattan' | 'cosine' | 'hamming' | 'dot';

/** How real vectors become bits under Hamming: one bit a dimension, set where the value is above the threshold. */
export type BitThreshold = 'median' | 'mean' | 'zero';

/** How rows are kept on the GPU: 16-bit floats take half the memory and bound the error (docs/metrics.md). */
export type Storage = 'float32' | 'float16';

/** A set of vectors in memory: n × dimension, row-major. */
export interface VectorSet {
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly dimension: number;
}

/**
 * A set of whole-number rows, compared as they are under Hamming: bytes, integers, or the code points of strings
 * (`symbolsOf`). n × dimension, row-major.
 */
export interface SymbolSet {
  readonly symbols:
    | Uint8Array<ArrayBuffer>
    | Int8Array<ArrayBuffer>
    | Uint16Array<ArrayBuffer>
    | Int16Array<ArrayBuffer>
    | Uint32Array<ArrayBuffer>
    | Int32Array<ArrayBuffer>;
  readonly dimension: number;
}

/** What an engine measures. A `SymbolSet` only under `hamming`, and only against another. */
export type MetricSet = VectorSet | SymbolSet;

/** Exact nearest neighbors: `indices` and `distances` are queries × k, row-major, nearest first, ties by lower index. */
export interface Neighbors {
  readonly k: number;
  readonly indices: Uint32Array<ArrayBuffer>;
  readonly distances: Float32Array<ArrayBuffer>;
}

/** What every measurement may be told of its metric. */
export interface MetricOptions {
  readonly metric: MetricId;
  /** Only for `hamming` on real vectors; 'median' unless told. */
  readonly threshold?: BitThreshold | undefined;
  /** 'float32' unless told; the CPU engine rounds the rows in the same way. No effect on bits and symbols. */
  readonly storage?: Storage | undefined;
}

export interface NeighborsOptions extends MetricOptions {
  /** 1..n−1 among the set itself (self is left out), 1..n for queries other than the set; n counts the allowed rows. */
  readonly k: number;
  /** Other queries than the set itself: m × dimension. */
  readonly queries?: MetricSet | undefined;
  /** n numbers: only rows of the set with a number other than 0 may be found (a filter or a selection). All unless told. */
  readonly allowed?: Uint8Array<ArrayBuffer> | undefined;
}

export interface DistancesOptions extends MetricOptions {
  /** The second set; the first again unless told. */
  readonly columns?: MetricSet | undefined;
}

/** Some whole rows of a distance matrix. */
export interface DistanceRows {
  readonly firstRow: number;
  readonly rows: number;
  /** rows × columns, row-major */
  readonly distances: Float32Array<ArrayBuffer>;
}

export interface SummaryOptions extends DistancesOptions {
  /** Counts of distances in this many equal bins, 1 to 65,536; 64 unless told. */
  readonly bins?: number | undefined;
  /**
   * Where the first bin begins and the last ends, both finite; the smallest and the largest distance unless told, which
   * takes a second pass over all pairs.
   */
  readonly range?: readonly [from: number, to: number] | undefined;
  /**
   * One label a column, from 0 to 65,535: asks for the sums of each row's distances to the columns of each label. There
   * are as many labels as the largest says, plus 1; rows × labels may be at most 2³⁰.
   */
  readonly labels?: Uint32Array<ArrayBuffer> | undefined;
}

/**
 * What a whole distance matrix says, without the matrix. Within one set (no columns given, or the same array again) a
 * row's distance to itself is left out everywhere. Where there is nothing to measure, a number is NaN and a row's
 * nearest has index 4,294,967,295.
 */
export interface DistanceSummary {
  /** Pairs that were measured: n × m, or n × (n − 1) within one set. */
  readonly pairs: number;
  readonly smallest: number;
  readonly largest: number;
  readonly mean: number;
  /** n: distance to the nearest column (the largest value under `dot`), and which one; ties by lower index. */
  readonly rowNearest: Float32Array<ArrayBuffer>;
  readonly rowNearestIndices: Uint32Array<ArrayBuffer>;
  /** n: mean distance of each row to all columns. */
  readonly rowMeans: Float32Array<ArrayBuffer>;
  /**
   * Counts of the distances as `distances` returns them (32-bit). Bin i begins at from + i × (to − from) / bins, computed
   * in 64 bits, and holds what lies there or above it and below the next border; the last bin holds `to` too. Values
   * outside are not counted. Where all distances are equal and no range was given, the last bin holds them all.
   */
  readonly histogram: {
    readonly from: number;
    readonly to: number;
    /** One count a bin. */
    readonly counts: Float64Array<ArrayBuffer>;
  };
  /** n × labels, row-major: sums of distances. Only when labels were given. */
  readonly labelSums?: Float32Array<ArrayBuffer>;
  /** How many columns each label has; within one set a row's own label counts the row itself, which its sum leaves out. */
  readonly labelCounts?: Uint32Array<ArrayBuffer>;
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

export interface RankingOptions {
  /** Above 0 and at most 100; 100 unless told. */
  readonly scale?: number | undefined;
  /** Best labels of each picture, 0 to 64; all where there are fewer. */
  readonly labelsPerPicture: number;
  /** Best pictures of each label, 0 to 64; all where there are fewer. */
  readonly picturesPerLabel: number;
}

/** The best of one side for each of the other: rows × k, row-major, best first; ties by lower index. */
export interface Ranking {
  /** As many as were asked for, or as there are. */
  readonly k: number;
  readonly indices: Uint32Array<ArrayBuffer>;
  readonly logits: Float32Array<ArrayBuffer>;
  /** Of the softmax over all of that side, not over the k best. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

export interface SimilarityRanking {
  /** m × k, at most labelsPerPicture */
  readonly labels: Ranking;
  /** l × k, at most picturesPerLabel */
  readonly pictures: Ranking;
}

/**
 * Measures distances. One engine runs the WGSL kernels, one runs the same functions on the CPU in a worker; both
 * give the same results within the tolerances of docs/metrics.md.
 */
export interface MetricEngine {
  readonly path: 'webgpu' | 'cpu';
  /**
   * Exact nearest neighbors. Made for a k that is small beside n; above 1,024 whole rows of distances are sorted.
   *
   * @throws {InvalidK} when the set does not have that many (allowed) rows
   * @throws {InvalidVectors} when sets, or `allowed`, do not fit each other or cannot be measured
   */
  neighbors(base: MetricSet, options: NeighborsOptions, job?: Job): Promise<Neighbors>;
  /** n × m distances, row-major. */
  distances(rows: MetricSet, options: DistancesOptions, job?: Job): Promise<Float32Array<ArrayBuffer>>;
  /**
   * The same as a stream of whole rows from the first to the last, about 4 MiB at a time, for matrices of any size. What
   * is wrong with the input is thrown when the first rows are asked for. A `for await` that ends early frees all; whoever
   * calls `next()` by hand calls `return()` in the end.
   */
  distanceRows(rows: MetricSet, options: DistancesOptions, job?: Job): AsyncGenerator<DistanceRows, void>;
  /**
   * Means, row minima, histogram and label sums of all distances, in bounded memory.
   *
   * @throws {InvalidOptions} when bins, range or labels make no sense
   */
  summarize(rows: MetricSet, options: SummaryOptions, job?: Job): Promise<DistanceSummary>;
  /** `scale` multiplies the cosine similarity: above 0 and at most 100; 100 unless told. */
  similarity(
    pictures: VectorSet,
    labels: VectorSet,
    options?: { readonly scale?: number },
    job?: Job,
  ): Promise<Similarity>;
  /** The best labels of each picture and the best pictures of each label with their probabilities, in bounded memory. */
  rankSimilarity(
    pictures: VectorSet,
    labels: VectorSet,
    options: RankingOptions,
    job?: Job,
  ): Promise<SimilarityRanking>;
  /** Frees what is kept. Jobs on the GPU end as if nothing were; those in the worker reject. */
  dispose(): void;
}
