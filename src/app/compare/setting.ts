import type { Id } from '../../data/item.ts';
import type { MetricId } from '../../metrics/engine.ts';
import type { CollectionSpace } from '../collection.ts';
import { METRICS } from '../metric-list.ts';
import { EMBEDDED } from '../model-choice.ts';
import { versionOf } from '../model-versions.ts';

export const PROJECTIONS = ['umap', 'pca', 'scaling'] as const;
export type Projection = (typeof PROJECTIONS)[number];

/** How a map is made of vectors. */
export interface LayoutSetting {
  readonly metric: MetricId;
  readonly projection: Projection;
  readonly dimensions: 2 | 3;
  readonly neighbors: number;
  readonly minDist: number;
  readonly seed: number;
}

/** What a pane shows, and how it is made. */
export interface PaneSetting extends LayoutSetting {
  /** `embedded`, or a stored model's id; of no account for ready-made vectors. */
  readonly model: string;
  readonly space: CollectionSpace;
}

/** How much of the vectors' variance a map shows; empty for UMAP, which has no such number. */
export interface Variance {
  /** The share that each direction explains; of scaling, of the positive eigenvalues. */
  readonly explained?: readonly number[] | undefined;
  /** Scaling: what the negative eigenvalues are of all, by their size. */
  readonly negativeShare?: number | undefined;
  /** Scaling of many items: how many of them all were measured against. */
  readonly landmarks?: number | undefined;
}

/** Positions of items, made under one setting. */
export interface PaneLayout extends Variance {
  readonly ids: readonly Id[];
  /** ids × dimensions, row-major. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly dimensions: 2 | 3;
}

export const PROJECTION_NAMES: Readonly<Record<Projection, string>> = {
  umap: 'UMAP',
  pca: 'PCA',
  scaling: 'Classical scaling (MDS)',
};

/** The same where there is little room. */
export const SHORT_PROJECTION_NAMES: Readonly<Record<Projection, string>> = {
  ...PROJECTION_NAMES,
  scaling: 'Scaling',
};

/** Whose vectors a pane shows, of which kind: with the version of the model that makes them now. */
export function sourceKey({ model, space }: PaneSetting): string {
  return space === 'vectors' ? space : `${model} ${versionOf(model)} ${space}`;
}

/** What the neighbors behind a layout depend on, apart from the items. */
export function neighborsKey(setting: PaneSetting): string {
  return `${sourceKey(setting)} ${setting.metric} ${setting.neighbors}`;
}

/**
 * What a layout depends on, apart from the items: the same key, the same map. PCA knows neither metric nor seed, scaling
 * no seed.
 */
export function layoutKey(setting: PaneSetting): string {
  const { projection, dimensions, minDist, seed } = setting;
  if (projection === 'pca') return `${sourceKey(setting)} pca ${dimensions}`;
  if (projection === 'scaling') return `${sourceKey(setting)} ${setting.metric} scaling ${dimensions}`;
  return `${neighborsKey(setting)} umap ${dimensions} ${minDist} ${seed}`;
}

export const metricName = (metric: MetricId): string =>
  METRICS.find(({ id }) => id === metric)?.label ?? metric;

export const modelName = (model: string): string =>
  model === EMBEDDED ? 'Embedded model' : model.slice(model.lastIndexOf('/') + 1);

/** Letters by which a person tells panes apart. */
export const paneLetter = (index: number): string => String.fromCharCode(65 + index);

/** A map that stands alone in words: what it measures with, how it was laid out, and with which model. */
export function describe(setting: PaneSetting): string {
  const { metric, projection, dimensions, space, model } = setting;
  const made = `${metricName(metric)}, ${PROJECTION_NAMES[projection]} in ${dimensions}D`;
  return space !== 'vectors' ? `${made}, ${modelName(model)}` : made;
}

/** Why this setting cannot be laid out, whatever the items; undefined where it can. */
export function refusal({
  projection,
  metric,
}: Pick<LayoutSetting, 'projection' | 'metric'>): string | undefined {
  if (projection !== 'scaling' || metric !== 'dot') return undefined;
  return 'Classical scaling needs distances, and the dot product is a similarity. Take another metric, or PCA.';
}

/** @throws {RangeError} when there is no such map */
export function checkLayout(setting: Pick<LayoutSetting, 'projection' | 'metric'>): void {
  const reason = refusal(setting);
  if (reason) throw new RangeError(reason);
}

export const MOST_PANES = 6;

const FOUR: readonly MetricId[] = ['cosine', 'euclidean', 'manhattan', 'hamming'];

/** Ready-made comparisons; each starts from a setting that says all the rest. */
export const PRESETS = {
  // PCA is the same under all of them.
  metrics: (from: PaneSetting): PaneSetting[] =>
    FOUR.map((metric) => ({
      ...from,
      metric,
      projection: from.projection === 'pca' ? 'umap' : from.projection,
    })),
  projections: (from: PaneSetting): PaneSetting[] =>
    (['pca', 'scaling', 'umap'] as const).map((projection) => ({ ...from, projection })),
  neighbors: (from: PaneSetting): PaneSetting[] =>
    [5, 15, 50].map((neighbors) => ({ ...from, projection: 'umap', neighbors })),
  seeds: (from: PaneSetting): PaneSetting[] =>
    [0, 1, 2].map((more) => ({ ...from, projection: 'umap', seed: from.seed + more })),
  dimensions: (from: PaneSetting): PaneSetting[] =>
    ([2, 3] as const).map((dimensions) => ({ ...from, dimensions })),
} as const;
