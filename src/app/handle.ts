import type { Job } from '../common/job.ts';
import type { Agreement } from '../compare/agreement.ts';
import type { Correlations } from '../compare/compare-metrics.ts';
import type { Honesty } from '../compare/measure-honesty.ts';
import type { Space } from '../compare/measure-space.ts';
import type { Failure, Id, Item, ItemKind } from '../data/item.ts';
import type { AdapterDescription } from '../gpu/gpu.ts';
import type { BitThreshold, MetricId, Similarity } from '../metrics/engine.ts';
import type { WeightType } from '../models/store/stored-weights.ts';
import type { Precision } from '../models/weights/convert.ts';
import type { CollectionSpace } from './collection.ts';

/** What adding things answers. */
export interface Added {
  /** New items. */
  readonly added: Id[];
  /** Items that were here already: the same bytes or the same text. */
  readonly known: Id[];
  readonly failed: Failure[];
}

/** What computes the distances, and on what. */
export interface AdapterReport extends AdapterDescription {
  readonly path: 'webgpu' | 'cpu';
}

/** A model that can make embeddings here. */
export interface ModelReport {
  /** `embedded` for the one that ships with the page; a stored one's repository on the hub, or the name of its folder or in its settings. */
  readonly id: string;
  readonly source: 'embedded' | 'hub' | 'files';
  /** Which version: a commit on the hub, where it is known. */
  readonly revision: string;
  /** Of all its files. */
  readonly bytes: number;
  /** Where it does not take both pictures and texts. */
  readonly takes?: 'pictures' | 'texts' | undefined;
  /** What most of its weights are kept as; undefined where that is not known. */
  readonly precision: WeightType | 'mixed' | undefined;
  /** What `convertModel` can make of it, with the bytes of all its files then. */
  readonly smaller: readonly { readonly precision: Precision; readonly bytes: number }[];
  /** False for one whose download was interrupted: it takes room, and can be added again or removed. */
  readonly complete: boolean;
  readonly inUse: boolean;
  /** As measured on this device since the page was opened; undefined until it has embedded pictures. */
  readonly picturesPerSecond: number | undefined;
}

export interface Found {
  readonly id: Id;
  /** Cosine similarity to the query, −1..1. */
  readonly similarity: number;
}

export interface MeasureOptions extends Job {
  /** `cosine` unless told. */
  readonly metric?: MetricId;
  /** The space shown on the map unless told. */
  readonly space?: CollectionSpace;
  /** Only these items; all of the space unless told. */
  readonly ids?: readonly Id[];
  readonly threshold?: BitThreshold;
}

export interface LayoutRequest extends Job {
  /** As on the map unless told. */
  readonly method?: 'umap' | 'pca' | 'scaling';
  readonly metric?: MetricId;
  readonly space?: CollectionSpace;
  readonly dimensions?: 2 | 3;
  /** The same seed and the same items give the same map; 42 unless told. */
  readonly seed?: number;
  /** Neighbors that hold an item in place; 15 unless told. */
  readonly neighbors?: number;
  readonly minDist?: number;
}

/** What a pane of a comparison shows; what is not told is as on the map. */
export interface PaneRequest {
  /** `embedded`, or a stored model that has embedded the items. */
  readonly model?: string;
  readonly space?: CollectionSpace;
  readonly metric?: MetricId;
  readonly projection?: 'umap' | 'pca' | 'scaling';
  readonly dimensions?: 2 | 3;
  readonly neighbors?: number;
  readonly minDist?: number;
  readonly seed?: number;
}

/** A distance matrix; what is not told is as on the page. */
export interface MatrixRequest extends Job {
  readonly metric?: MetricId;
  /** Stands below the diagonal. */
  readonly other?: MetricId;
  /** Similar items together unless told; `label` where labels are shown, `map` by their places on it. */
  readonly order?: 'added' | 'label' | 'cluster' | 'map';
  /** The space shown on the map unless told. */
  readonly space?: CollectionSpace;
}

export type ExportKind = 'png' | 'svg' | 'positions' | 'neighbors' | 'distances' | 'report';

/**
 * What is drawn: the map (or all panes), the matrix on the page, a Shepard diagram of each map, the histogram of distances under each
 * metric, or what is open in the playground.
 */
export type ExportView = 'map' | 'matrix' | 'shepard' | 'histogram' | 'playground';

/** What an export that has no use for one of these is told, it does not hear. */
export interface ExportOptions extends Job {
  /** Of `png` and `svg`, and of `distances` the `matrix` in its order; the map unless told. */
  readonly view?: ExportView;
  /** Of `neighbors` and `distances`: that of each map unless told. Of a `histogram`: every metric unless told. */
  readonly metric?: MetricId;
  /** Of `neighbors`; 15 unless told. */
  readonly k?: number;
  /** Of `svg` and `report`: whether pictures are shown, and not only dots. True unless told. */
  readonly thumbnails?: boolean;
  /** Of tables: a byte order mark first, which Excel wants. */
  readonly bom?: boolean;
  /** Of tables: texts that a spreadsheet would take for formulas stand behind an apostrophe. False unless told; the menu says true. */
  readonly guard?: boolean;
}

/** Positions, and what they show of the variance. */
export interface LaidOut {
  readonly ids: Id[];
  /** ids × dimensions, row-major. */
  readonly positions: Float32Array;
  /** PCA and scaling: each direction's share of the variance; of scaling, of the positive eigenvalues. */
  readonly explained?: readonly number[] | undefined;
  /** Scaling: Σ|λ| of the negative eigenvalues over that of all. */
  readonly negativeShare?: number | undefined;
}

/** A pane's positions are turned to lie like the first pane's. */
export interface ComparedPane extends LaidOut {
  readonly setting: Required<PaneRequest>;
}

export type MeasuredPart = 'agreement' | 'correlations' | 'honesty' | 'space';

export interface MeasuresRequest<Part extends MeasuredPart = MeasuredPart> {
  readonly part: Part;
  /** The four metrics unless told; for `honesty` that of the map. */
  readonly metrics?: readonly MetricId[];
  /** The space shown on the map unless told. */
  readonly space?: CollectionSpace;
}

/** What was measured, and of what: rows are those of `ids`. */
interface MeasuredOf {
  readonly ids: Id[];
  readonly metrics: MetricId[];
}

/** docs/compare-measures.md says what each number is. */
export interface Measures {
  /** `first` and `second` of a pair count in `metrics`. */
  readonly agreement: MeasuredOf &
    Omit<Agreement, 'contested'> & {
      /** Most contested first. */
      readonly contested: Id[];
    };
  readonly correlations: MeasuredOf & Correlations;
  /** Of the map on the page, held against each metric; `maps` are the map and PCA in as many dimensions. */
  readonly honesty: MeasuredOf & { readonly honesty: Honesty[] };
  /** Under each metric. */
  readonly space: MeasuredOf & { readonly spaces: Space[] };
}

/** `window.nearfield`: everything the page does, for tests, teachers and notebooks. See docs/scripting.md. */
export interface NearfieldHandle {
  /** Settled once the page answers calls; the model may still be loading. */
  readonly ready: Promise<void>;
  adapter(): AdapterReport;
  /** Pictures, text files, zips. Ends when each is on the map or refused. */
  addFiles(files: readonly File[], options?: Job): Promise<Added>;
  addTexts(texts: readonly string[], options?: Job): Promise<Added>;
  /** Ready-made vectors, n × dimension, row-major. */
  addVectors(
    input: {
      readonly vectors: Float32Array;
      readonly dimension: number;
      /** One name a row; the row's number unless told. */
      readonly ids?: readonly string[];
      readonly fields?: readonly Readonly<Record<string, string | number>>[];
    },
    options?: Job,
  ): Promise<Added>;
  addSamples(options?: Job): Promise<Added>;
  items(): Item[];
  /** Nearest items to words, to a picture, or to an item that is here. */
  search(
    query: string | File | Id,
    options?: Job & { readonly count?: number; readonly kind?: ItemKind },
  ): Promise<Found[]>;
  /** `indices` and `distances` are n × k, nearest first; an index counts in `ids`. */
  neighbors(
    options: MeasureOptions & { readonly k: number },
  ): Promise<{ ids: Id[]; indices: Uint32Array; distances: Float32Array }>;
  /** n × n, row-major, in the order of `ids` (or of the space's items). */
  distances(options?: MeasureOptions): Promise<Float32Array>;
  /** m pictures × labels, row-major; logits are cosine similarity over temperature. */
  similarity(
    options: Job & {
      readonly pictures?: readonly Id[];
      readonly labels: readonly string[];
      /** Phrases that each label is averaged over, `{}` being the label; unless told "{}" for the embedded model, "a photo of a {}" for a CLIP. */
      readonly templates?: readonly string[];
      /** 0.01..1; unless told the model's own, 0.15 for the embedded one. */
      readonly temperature?: number;
    },
  ): Promise<Similarity & { readonly ids: Id[] }>;
  layout(options?: LayoutRequest): Promise<LaidOut>;
  /**
   * Shows one to six panes side by side, the four metrics unless told; none ends the comparison. Progress in panes. Answers when all
   * are laid out.
   */
  compare(panes?: readonly PaneRequest[], options?: Job): Promise<{ panes: ComparedPane[] }>;
  endCompare(): Promise<void>;
  /** How metrics agree, how honest the map is, what a space is like; kept, so that asking again costs nothing. */
  measures<Part extends MeasuredPart>(request: MeasuresRequest<Part>, options?: Job): Promise<Measures[Part]>;
  /** Shows the distance matrix. Gives the items in order, and n × n distances in that order; a sample where there are more than 5,000. */
  matrix(request?: MatrixRequest): Promise<{ ids: Id[]; distances: Float32Array }>;
  /**
   * The map on the page, or all panes of the comparison: as a PNG or SVG as it is on the screen, as CSV, or as an HTML report with
   * all numbers, which needs nothing else.
   */
  exportAs(kind: ExportKind, options?: ExportOptions): Promise<Blob>;
  /** The embedded model, then the stored ones, newest first. */
  models(): Promise<ModelReport[]>;
  /** Stores a model from the hub (`owner/name`, `owner/name@revision`) or from its files; it is used once `useModel` says so. Progress in bytes. */
  addModel(
    source: string | readonly File[],
    options?: Job & {
      /** Another hub: a mirror, or a server of files in the same layout. */
      readonly host?: string;
    },
  ): Promise<ModelReport>;
  /** Embeds all items with this model, then uses it in place of the other. Progress in items. */
  useModel(id: string, options?: Job): Promise<void>;
  /** Keeps a stored model that is not in use in fewer bytes, in place of what it was. Progress in bytes, first looked at, then written. */
  convertModel(id: string, precision: Precision, options?: Job): Promise<ModelReport>;
  removeModel(id: string): Promise<void>;
  select(ids: readonly Id[]): void;
  remove(ids: readonly Id[]): Promise<void>;
  clear(): Promise<void>;
}

declare global {
  interface Window {
    nearfield: NearfieldHandle;
  }
}
