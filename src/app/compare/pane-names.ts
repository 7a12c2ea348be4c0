/** What panes are called: enough to tell each from all others that stand beside it. */
import type { CollectionSpace } from '../collection.ts';
import {
  metricName,
  modelName,
  type PaneSetting,
  PROJECTION_NAMES,
  SHORT_PROJECTION_NAMES,
} from './setting.ts';

const SPACES: Readonly<Record<CollectionSpace, string>> = {
  joint: 'pictures and words',
  picture: 'pictures',
  text: 'words',
  vectors: 'vectors',
};

/** "Cosine, UMAP in 2D", and what else this pane has otherwise than others: "5 neighbors". */
export function nameAmong(setting: PaneSetting, panes: readonly PaneSetting[]): string {
  const { metric, projection, dimensions } = setting;
  const made = `${metricName(metric)}, ${PROJECTION_NAMES[projection]} in ${dimensions}D`;
  return [made, ...differences(setting, panes)].join(', ');
}

/** In what a pane differs from others beside metric, projection and dimensions; empty where those tell them apart. */
export function differences(setting: PaneSetting, panes: readonly PaneSetting[]): string[] {
  const parts: string[] = [];
  if (setting.projection === 'umap') {
    const maps = panes.filter(({ projection }) => projection === 'umap');
    if (differ(maps, ({ neighbors }) => neighbors)) parts.push(`${setting.neighbors} neighbors`);
    if (differ(maps, ({ minDist }) => minDist)) parts.push(`minimal distance ${setting.minDist}`);
    if (differ(maps, ({ seed }) => seed)) parts.push(`seed ${setting.seed}`);
  }
  return [...parts, ...sourceDifferences(setting, panes)];
}

/** In whose vectors a pane differs from others: of which items, by which model. */
export function sourceDifferences(setting: PaneSetting, panes: readonly PaneSetting[]): string[] {
  const parts: string[] = [];
  if (differ(panes, ({ space }) => space)) parts.push(SPACES[setting.space]);
  const embedded = panes.filter(({ space }) => space !== 'vectors');
  if (setting.space !== 'vectors' && differ(embedded, ({ model }) => model)) {
    parts.push(modelAmong(setting.model, embedded));
  }
  return parts;
}

/** Over a list of nearest items: how its pane was made, where the metric alone does not tell panes apart. */
export function columnNote(setting: PaneSetting, panes: readonly PaneSetting[]): string {
  const made = ({ projection, dimensions }: PaneSetting) =>
    `${SHORT_PROJECTION_NAMES[projection]} ${dimensions}D`;
  return [...(differ(panes, made) ? [made(setting)] : []), ...differences(setting, panes)].join(', ');
}

/** A model without its owner, unless another owner's is called the same. */
function modelAmong(model: string, panes: readonly PaneSetting[]): string {
  const short = modelName(model);
  return panes.some((other) => other.model !== model && modelName(other.model) === short) ? model : short;
}

function differ(panes: readonly PaneSetting[], partOf: (pane: PaneSetting) => string | number): boolean {
  return new Set(panes.map(partOf)).size > 1;
}
