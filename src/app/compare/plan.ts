/** What a change of settings would compute, said before it is done. */
import { LANDMARKS, MOST_SCALED } from '../../compare/distances-for-scaling.ts';
import { defaultEpochs } from '../../projection/epochs.ts';
import { count, duration } from '../words.ts';
import { type Costs, stepsOf } from './costs.ts';
import { layoutKey, metricName, type PaneSetting, refusal } from './setting.ts';

/** What is there to lay out, and what of it is known. */
export interface Known {
  readonly n: number;
  readonly dimension: number;
  /** Whether this very map was made before. */
  readonly layout: boolean;
  /** Whether its neighbors were. */
  readonly neighbors: boolean;
  /** Items that the setting's model has not embedded. */
  readonly unembedded: number;
}

export interface Plan {
  readonly type: 'same' | 'kept' | 'compute' | 'refused';
  /** A sentence or two. */
  readonly text: string;
}

/** What going from one setting to another takes. */
export function planOf(from: PaneSetting, to: PaneSetting, known: Known, costs: Costs): Plan {
  const reason = refusal(to);
  if (reason) return { type: 'refused', text: reason };
  if (layoutKey(from) === layoutKey(to)) return { type: 'same', text: 'The map stays as it is.' };
  if (known.unembedded > 0) {
    const missing = count(known.unembedded, 'item');
    return {
      type: 'compute',
      text: `The model has not seen ${missing} yet: the pane will offer to embed them first.`,
    };
  }
  if (known.layout) return { type: 'kept', text: 'Kept from before: shown at once.' };
  const { n, dimension } = known;
  if (n < 2) return { type: 'compute', text: 'There are not two items to lay out yet.' };
  const landmarks = n > MOST_SCALED ? LANDMARKS : undefined;
  const steps = stepsOf(to, n, dimension, landmarks).filter(
    ({ name }) => !(known.neighbors && name === 'neighbors'),
  );
  const seconds = costs.estimate(steps);
  const time =
    seconds === undefined
      ? 'not timed on this device yet'
      : `about ${duration(seconds)}, from the last layout's time on this device`;
  return { type: 'compute', text: `Will compute: ${what(to, known, landmarks)} (${time}).` };
}

function what(to: PaneSetting, { n, dimension, neighbors }: Known, landmarks: number | undefined): string {
  const metric = metricName(to.metric);
  switch (to.projection) {
    case 'umap': {
      const nearest = `${Math.min(to.neighbors, n - 1)} nearest by ${metric}`;
      const epochs = `${defaultEpochs(n)} epochs`;
      return neighbors ? `${epochs}; the ${nearest} are known` : `${nearest}, then ${epochs}`;
    }
    case 'pca':
      return `${to.dimensions} principal directions of ${count(n, 'item')} in ${count(dimension, 'dimension')}`;
    case 'scaling':
      return landmarks === undefined
        ? `all distances of ${count(n, 'item')} by ${metric}, then their directions`
        : `distances by ${metric} from ${landmarks} landmarks to ${count(n, 'item')}, then their directions; above ${count(MOST_SCALED, 'item')} the others are placed by the landmarks`;
  }
}
