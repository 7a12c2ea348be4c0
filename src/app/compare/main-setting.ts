import { collection } from '../services.ts';
import { type MapSettings, readApp } from '../store.ts';
import type { PaneSetting } from './setting.ts';

/** How the main map is made, or would be with these settings, as a pane. */
export function mainSetting(settings: MapSettings = readApp().settings): PaneSetting {
  const { space, metric, projection, dimensions, neighbors, minDist, seed } = settings;
  return {
    model: readApp().modelId,
    space: space === 'auto' ? collection.suitedSpace() : space,
    metric,
    projection,
    dimensions,
    neighbors,
    minDist,
    seed,
  };
}
