import { SPACES } from './collection.ts';
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
    dimensions,
    seed: number('seed'),
    neighbors: number('neighbors'),
    minDist: number('minDist'),
  };
}
