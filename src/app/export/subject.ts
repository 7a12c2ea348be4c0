/** What there is to export: the map on the page, or the panes of the comparison. */
import type { Id } from '../../data/item.ts';
import type { ColorScale, LegendEntry } from '../../export/svg.ts';
import { mainSetting } from '../compare/main-setting.ts';
import { nameAmong } from '../compare/pane-names.ts';
import { describe, type PaneLayout, type PaneSetting, paneLetter } from '../compare/setting.ts';
import { type ComparePane, readCompare } from '../compare/state.ts';
import { labelColor } from '../label-colors.ts';
import { collection } from '../services.ts';
import { type Coloring, readApp } from '../store.ts';

export interface ExportedMap {
  /** By which a pane of a comparison is known. */
  readonly letter: string | undefined;
  /** In words, with its letter. */
  readonly title: string;
  readonly setting: PaneSetting;
  readonly layout: PaneLayout;
  /** The id of its pane. */
  readonly pane: number | undefined;
}

/** @throws {Error} where there is nothing on the map, or a pane is not there yet */
export function exportedMaps(): ExportedMap[] {
  const { comparing, placement, count } = readApp();
  if (count === 0) {
    throw new RangeError('The collection is empty, so that there is nothing to export. Add items first.');
  }
  if (comparing) return comparedMaps(readCompare().panes);
  if (!placement || placement.ids.length === 0) {
    throw new RangeError('No item has a place on the map yet. Export once the map has been arranged.');
  }
  const { space, dimensions } = placement;
  const setting: PaneSetting = { ...mainSetting(), space, dimensions };
  return [{ letter: undefined, title: describe(setting), setting, layout: placement, pane: undefined }];
}

function comparedMaps(panes: readonly ComparePane[]): ExportedMap[] {
  const settings = panes.map(({ setting }) => setting);
  return panes.map(({ id, setting, shown, progress }, at) => {
    const letter = paneLetter(at);
    if (progress.type !== 'done' || !shown) {
      throw new Error(
        `Pane ${letter} (${nameAmong(setting, settings)}) is not there yet. Wait until it is, or remove it, and export again.`,
      );
    }
    return {
      letter,
      title: `${letter}: ${nameAmong(setting, settings)}`,
      setting,
      layout: shown,
      pane: id,
    };
  });
}

/** What the colors of these maps mean: a number that items have, labels, or neither. */
export function colorsOf(maps: readonly ExportedMap[]): {
  readonly legend: readonly LegendEntry[];
  readonly scale: ColorScale | undefined;
} {
  const { coloring } = readApp();
  const measured = coloring ? maps.filter((map) => coloringOf(map, coloring)) : [];
  const labelled = measured.length < maps.length;
  return {
    legend: labelled ? labelLegend() : [],
    scale: coloring && measured.length > 0 ? scaleOf(coloring) : undefined,
  };
}

function scaleOf({ title, from, to, ends, stops, isPartial }: Coloring): ColorScale {
  return {
    title: isPartial ? `${title} (gray: not measured)` : title,
    ends: [`${from.toFixed(2)} ${ends[0]}`, `${ends[1]} ${to.toFixed(2)}`],
    stops,
  };
}

/** The part of a coloring that is on this map. */
function coloringOf({ pane }: ExportedMap, { layers }: Coloring): Coloring['layers'][number] | undefined {
  return layers.find((layer) => layer.pane === (pane ?? 'main') || layer.pane === 'all');
}

/** What the colors of a map show of each item, where they show a number; NaN where an item has none. */
export function shownValue(map: ExportedMap): ((id: Id) => number) | undefined {
  const { coloring } = readApp();
  const layer = coloring && coloringOf(map, coloring);
  if (!layer) return undefined;
  const rows = new Map(layer.ids.map((id, row) => [id, row]));
  return (id) => layer.values[rows.get(id) ?? -1] ?? Number.NaN;
}

/** What the colors of labels mean, where there are labels. */
export function labelLegend(): LegendEntry[] {
  const { labels } = readApp();
  return labels?.labels.map((label, at) => ({ label, color: labelColor(at) })) ?? [];
}

/** The likeliest of the labels that are shown, with its share; undefined where there are none. */
export function labelOf(): (id: Id) => { readonly label: string; readonly share: number } | undefined {
  const { labels } = readApp();
  if (!labels) return () => undefined;
  const rows = new Map(labels.ids.map((id, row) => [id, row]));
  const width = labels.labels.length;
  return (id) => {
    const row = rows.get(id);
    if (row === undefined) return undefined;
    const shares = labels.overLabels.subarray(row * width, (row + 1) * width);
    const share = Math.max(...shares);
    return { label: labels.labels[shares.indexOf(share)] ?? '', share };
  };
}

export const nameOf = (id: Id): string => collection.get(id)?.item.name ?? id;
export const kindOf = (id: Id): string => collection.get(id)?.item.kind ?? '';

/** What the maps are, in the name of a file. */
export function subjectOf(maps: readonly ExportedMap[]): string {
  const [only] = maps;
  return maps.length === 1 && only
    ? `${only.setting.metric}-${only.setting.projection}-${only.setting.dimensions}d`
    : `compare-${maps.length}-panes`;
}

/** What and when, as a file is called: no spaces, and nothing that a file system minds. */
export function fileNameOf(
  named: { readonly what: string; readonly subject: string; readonly extension: string },
  now: Date,
): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}`;
  return `nearfield-${[named.what, named.subject, day, time].filter(Boolean).join('-')}.${named.extension}`;
}
