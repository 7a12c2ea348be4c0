import { SPACES } from './collection.ts';
import { PROJECTIONS, type Variance } from './compare/setting.ts';
import { METRICS } from './metric-list.ts';
import { DEFAULT_SETTINGS, type MapSettings } from './store.ts';

/** Settings from a record of unknown age; undefined when one does not fit any more. */
export function mapSettings(record: Readonly<Record<string, string | number>>): MapSettings | undefined {
  const space = record.space === 'auto' ? 'auto' : SPACES.find((known) => known === record.space);
  const metric = METRICS.find(({ id }) => id === record.metric)?.id;
  const dimensions = ([2, 3] as const).find((known) => known === record.dimensions);
  const number = (name: 'seed' | 'neighbors' | 'minDist') => {
    const value = record[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : DEFAULT_SETTINGS[name];
  };
  if (!space || !metric || !dimensions) return undefined;
  return {
    space,
    metric,
    // Maps were all made by UMAP once.
    projection: PROJECTIONS.find((known) => known === record.projection) ?? 'umap',
    dimensions,
    seed: number('seed'),
    neighbors: number('neighbors'),
    minDist: number('minDist'),
  };
}

/** What a map shows of the variance, as a record keeps it. */
export function varianceRecord({
  explained,
  negativeShare,
  landmarks,
}: Variance): Record<string, string | number> {
  return {
    ...(explained && { explained: explained.join(' ') }),
    ...(negativeShare !== undefined && { negativeShare }),
    ...(landmarks !== undefined && { landmarks }),
  };
}

/** The same, from a record of unknown age. */
export function varianceOf(record: Readonly<Record<string, string | number>>): Variance {
  const { explained, negativeShare, landmarks } = record;
  const shares = typeof explained === 'string' ? explained.split(' ').map(Number) : [];
  return {
    ...(shares.length > 0 && shares.every(Number.isFinite) && { explained: shares }),
    ...(typeof negativeShare === 'number' && { negativeShare }),
    ...(typeof landmarks === 'number' && { landmarks }),
  };
}
