import { create } from 'zustand';
import type { Failure, Id, ItemKind } from '../data/item.ts';
import type { EmbedderInfo } from '../models/embedder.ts';
import type { CollectionSpace } from './collection.ts';
import type { LayoutSetting, Variance } from './compare/setting.ts';
import type { AdapterReport } from './handle.ts';
import { EMBEDDED } from './model-choice.ts';

export type JobUnit = 'items' | 'bytes' | 'share';

/** A long job as a person sees it. */
export interface RunningJob {
  readonly id: number;
  readonly title: string;
  /** What `done` and `total` count; `share` where only their ratio means something to a person. */
  readonly unit: JobUnit;
  readonly done: number;
  readonly total: number;
  readonly what: string;
  /** Steps a second, once it can be told. */
  readonly rate: number | undefined;
  readonly secondsLeft: number | undefined;
  readonly cancel: (() => void) | undefined;
}

export interface Notice {
  readonly id: number;
  readonly kind: 'info' | 'success' | 'error';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

export interface Ranked {
  readonly id: Id;
  readonly similarity: number;
}

/** What the right-hand panel speaks of. */
export type Focus =
  | { readonly type: 'none' }
  | { readonly type: 'item'; readonly id: Id }
  | { readonly type: 'search' }
  | { readonly type: 'labels' }
  | { readonly type: 'selection' };

export interface SearchState {
  readonly query: string;
  /** Set when the query is a picture: an address of its image. */
  readonly pictureUrl?: string | undefined;
  /** Nearest first, every item of the space. */
  readonly ranked: readonly Ranked[];
  readonly milliseconds: number;
}

export interface LabelsState {
  readonly labels: readonly string[];
  /** What each label was put into before it was embedded. */
  readonly templates: readonly string[];
  readonly ids: readonly Id[];
  /** ids × labels, row-major: cosine similarity, from which the shares follow at any temperature. */
  readonly cosines: Float32Array<ArrayBuffer>;
  /** ids × labels, row-major: each row sums to 1. */
  readonly overLabels: Float32Array<ArrayBuffer>;
  readonly temperature: number;
}

export interface MapSettings extends LayoutSetting {
  /** `auto` follows what is in the collection. */
  readonly space: CollectionSpace | 'auto';
}

export interface Placement extends Variance {
  readonly ids: readonly Id[];
  /** ids × dimensions, row-major. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly dimensions: 2 | 3;
  readonly space: CollectionSpace;
}

/** Colors of items by a number each has, in place of those of labels. */
export interface Coloring {
  readonly title: string;
  /** The ends of the scale, and what they say. */
  readonly from: number;
  readonly to: number;
  readonly ends: readonly [low: string, high: string];
  /** CSS colors, evenly from the low end to the high one. */
  readonly stops: readonly string[];
  /** Some items have no such number, and are gray. */
  readonly isPartial: boolean;
  readonly layers: readonly {
    /** A pane of a comparison; `main` for the map of the page, `all` for every map. */
    readonly pane: number | 'main' | 'all';
    readonly ids: readonly Id[];
    /** What the colors show; NaN where there is nothing. */
    readonly values: Float32Array;
    /** RGBA, four bytes an item. */
    readonly rgba: Uint8Array<ArrayBuffer>;
  }[];
}

export interface AppState {
  readonly adapter: AdapterReport | undefined;
  /** Why distances are computed on the CPU, when they are. */
  readonly cpuReason: string | undefined;
  readonly model: EmbedderInfo | undefined;
  readonly modelError: string | undefined;
  /** Of the model in use, also before it is loaded: `embedded`, or a stored model's. */
  readonly modelId: string;
  /** Grows by one whenever the collection changes. */
  readonly revision: number;
  readonly count: number;
  readonly kinds: Readonly<Record<ItemKind, number>>;
  readonly restoring: boolean;
  readonly failures: readonly Failure[];
  readonly jobs: readonly RunningJob[];
  readonly notices: readonly Notice[];
  readonly settings: MapSettings;
  readonly placement: Placement | undefined;
  readonly settling: boolean;
  readonly focus: Focus;
  readonly selection: readonly Id[];
  readonly hovered: Id | undefined;
  readonly search: SearchState | undefined;
  /** What is being searched for, until the answer is there. */
  readonly searching: string | undefined;
  /** Nothing of the map is in view. */
  readonly outOfView: boolean;
  readonly labels: LabelsState | undefined;
  readonly coloring: Coloring | undefined;
  /** The templates that a person chose for labels; undefined for what suits the model. */
  readonly labelTemplates: readonly string[] | undefined;
  readonly theme: 'light' | 'dark';
  readonly panel: 'collection' | 'details' | 'measures' | 'closed';
  readonly tool: 'navigate' | 'box' | 'lasso';
  /** Several maps side by side take the place of the one. */
  readonly comparing: boolean;
  /** The distance matrix takes the place of the map, or stands beside it. */
  readonly matrix: boolean;
  /** The other item of the pair that is looked at in the matrix. */
  readonly paired: Id | undefined;
}

export const DEFAULT_SETTINGS: MapSettings = {
  space: 'auto',
  metric: 'cosine',
  projection: 'umap',
  dimensions: 2,
  seed: 42,
  neighbors: 15,
  // Pictures need more room than dots: at UMAP's own 0.1 they lie in heaps.
  minDist: 0.7,
};

const NOTHING: AppState = {
  adapter: undefined,
  cpuReason: undefined,
  model: undefined,
  modelError: undefined,
  modelId: EMBEDDED,
  revision: 0,
  count: 0,
  kinds: { picture: 0, text: 0, vector: 0 },
  restoring: true,
  failures: [],
  jobs: [],
  notices: [],
  settings: DEFAULT_SETTINGS,
  placement: undefined,
  settling: false,
  focus: { type: 'none' },
  selection: [],
  hovered: undefined,
  search: undefined,
  searching: undefined,
  outOfView: false,
  labels: undefined,
  coloring: undefined,
  labelTemplates: undefined,
  theme: 'light',
  panel: 'details',
  tool: 'navigate',
  comparing: false,
  matrix: false,
  paired: undefined,
};

/** What the page shows. Components read it; only commands write it. */
export const useApp = create<AppState>(() => NOTHING);

export const readApp = useApp.getState;
export const writeApp = useApp.setState;

let lastId = 0;
export const nextId = (): number => ++lastId;
