import { create } from 'zustand';

export type Part = 'agreement' | 'honesty' | 'space';

/** What the cells of the matrix of metrics show. */
export type PairMeasure = 'share' | 'jaccard' | 'rbo' | 'spearman' | 'kendall';

/** What the map is colored by. */
export type Paint = 'none' | 'disagreement' | 'trust' | 'continuity';

interface MeasuresState {
  readonly part: Part;
  readonly pairMeasure: PairMeasure;
  /** Neighborhoods of the agreement and of the map, in neighbors; where there are too few items the largest that can be. */
  readonly agreementSize: number;
  readonly honestySize: number;
  readonly paint: Paint;
  /** Whether lines to true and false neighbors are drawn on the map. */
  readonly lines: boolean;
  /** Which subject the part on the space speaks of; the first where it is not there. */
  readonly spaceOf: string | undefined;
}

/** What a person chose in the measures; it stays while the panel is closed. */
export const useMeasures = create<MeasuresState>(() => ({
  part: 'agreement',
  pairMeasure: 'share',
  agreementSize: 15,
  honestySize: 15,
  paint: 'none',
  lines: true,
  spaceOf: undefined,
}));

export const writeMeasures = useMeasures.setState;
