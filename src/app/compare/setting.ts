import type { Id } from '../../data/item.ts';
import type { MetricId } from '../../metrics/engine.ts';
import type { CollectionSpace } from '../collection.ts';
import { METRICS } from '../metric-list.ts';
import { EMBEDDED } from '../model-choice.ts';

export type Projection = 'umap' | 'pca';

/** What a pane shows, and how it is made. */
export interface PaneSetting {
  /** `embedded`, or a stored model's id; of no account for ready-made vectors. */
  readonly model: string;
  readonly space: CollectionSpace;
  readonly metric: MetricId;
  readonly projection: Projection;
  readonly dimensions: 2 | 3;
  readonly neighbors: number;
  readonly minDist: number;
  readonly seed: number;
}

/** Positions of items, made under one setting. */
export interface PaneLayout {
  readonly ids: readonly Id[];
  /** ids × dimensions, row-major. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly dimensions: 2 | 3;
  /** PCA: the share of the variance that each direction explains. */
  readonly explained?: readonly number[] | undefined;
}

export const PROJECTION_NAMES: Readonly<Record<Projection, string>> = { umap: 'UMAP', pca: 'PCA' };

/** Whose vectors a pane shows, of which kind. */
export function sourceKey({ model, space }: PaneSetting): string {
  return space === 'vectors' ? space : `${model} ${space}`;
}

/** What the neighbors behind a layout depend on, apart from the items. */
export function neighborsKey(setting: PaneSetting): string {
  return `${sourceKey(setting)} ${setting.metric} ${setting.neighbors}`;
}

/** What a layout depends on, apart from the items: the same key, the same map. PCA knows neither metric nor seed. */
export function layoutKey(setting: PaneSetting): string {
  const { projection, dimensions, minDist, seed } = setting;
  if (projection === 'pca') return `${sourceKey(setting)} pca ${dimensions}`;
  return `${neighborsKey(setting)} umap ${dimensions} ${minDist} ${seed}`;
}

export const metricName = (metric: MetricId): string =>
  METRICS.find(({ id }) => id === metric)?.label ?? metric;

export const modelName = (model: string): string =>
  model === EMBEDDED ? 'Embedded model' : model.slice(model.lastIndexOf('/') + 1);

/** Letters by which a person tells panes apart. */
export const paneLetter = (index: number): string => String.fromCharCode(65 + index);

/** A pane in words, shortest first: what it measures with, how it was laid out, and with which model where that differs. */
export function describe(setting: PaneSetting, withModel: boolean): string {
  const { metric, projection, dimensions, space, model } = setting;
  const made = `${metricName(metric)}, ${PROJECTION_NAMES[projection]} in ${dimensions}D`;
  return withModel && space !== 'vectors' ? `${made}, ${modelName(model)}` : made;
}

export const MOST_PANES = 6;

const FOUR: readonly MetricId[] = ['cosine', 'euclidean', 'manhattan', 'hamming'];

/** Ready-made comparisons; each starts from a setting that says all the rest. */
export const PRESETS = {
  metrics: (from: PaneSetting): PaneSetting[] =>
    FOUR.map((metric) => ({ ...from, metric, projection: 'umap' })),
  projections: (from: PaneSetting): PaneSetting[] =>
    (['umap', 'pca'] as const).map((projection) => ({ ...from, projection })),
  dimensions: (from: PaneSetting): PaneSetting[] =>
    ([2, 3] as const).map((dimensions) => ({ ...from, dimensions })),
} as const;
