import { create } from 'zustand';
import type { Dendrogram, Linkage } from '../../compare/order/linkage.ts';
import type { Id } from '../../data/item.ts';
import type { Cell } from '../../matrix/camera.ts';
import type { MatrixPicture, Showing } from '../../matrix/picture.ts';
import type { Scale } from '../../matrix/scale.ts';
import type { MetricId } from '../../metrics/engine.ts';
import type { CollectionSpace } from '../collection.ts';

export type OrderBy = 'added' | 'label' | 'cluster' | 'map';

export interface MatrixSetting {
  /** `map` for the space on the map. */
  readonly space: CollectionSpace | 'map';
  readonly metric: MetricId;
  readonly other: MetricId;
  readonly showing: Showing;
  readonly scale: Scale;
  readonly order: OrderBy;
  readonly linkage: Linkage;
}

/** A matrix that is on the screen. */
export interface ShownMatrix {
  readonly setting: MatrixSetting;
  readonly space: CollectionSpace;
  /** In order. */
  readonly ids: readonly Id[];
  /** Of each place the item's row in the distances. */
  readonly order: Uint32Array<ArrayBuffer>;
  readonly tree: Dendrogram | undefined;
  /** RGBA of each place's label, where it is ordered by label. */
  readonly colors: Uint8Array<ArrayBuffer> | undefined;
  readonly picture: MatrixPicture;
  /** Of its distances, where they are kept: of the upper metric, and the lower one where there are two. */
  readonly names: readonly string[];
  /** Items of the space, of which `ids` may be a sample. */
  readonly total: number;
}

export type MatrixProgress =
  | { readonly type: 'working' | 'done' | 'stopped' }
  | { readonly type: 'few' }
  | { readonly type: 'failed'; readonly reason: string };

/** The cell that is looked at, with its distances once they are there: one, or that of each metric. */
export interface LookedAt extends Cell {
  readonly distances: readonly number[] | undefined;
}

interface MatrixState {
  /** Kept when the matrix is left, so that it can be come back to. */
  readonly setting: MatrixSetting;
  readonly progress: MatrixProgress;
  readonly shown: ShownMatrix | undefined;
  readonly looked: LookedAt | undefined;
  readonly brushing: boolean;
}

export const useMatrix = create<MatrixState>(() => ({
  setting: {
    space: 'map',
    metric: 'cosine',
    other: 'euclidean',
    showing: 'one',
    scale: 'distance',
    order: 'cluster',
    linkage: 'average',
  },
  progress: { type: 'working' },
  shown: undefined,
  looked: undefined,
  brushing: false,
}));

export const readMatrix = useMatrix.getState;
export const writeMatrix = useMatrix.setState;

/** The metrics that a setting shows. */
export function metricsOf({ showing, metric, other }: MatrixSetting): readonly MetricId[] {
  return showing === 'one' || metric === other ? [metric] : [metric, other];
}
