/** What is measured: metrics of spaces, and maps. */
import { useMemo } from 'react';
import type { Id } from '../../data/item.ts';
import type { MetricId, VectorSet } from '../../metrics/engine.ts';
import { mainSetting } from '../compare/main-setting.ts';
import { membersOf } from '../compare/members.ts';
import { nameAmong, sourceDifferences } from '../compare/pane-names.ts';
import {
  metricName,
  type PaneLayout,
  type PaneSetting,
  PRESETS,
  paneLetter,
  sourceKey,
} from '../compare/setting.ts';
import { type ComparePane, readCompare, useCompare } from '../compare/state.ts';
import { rowsOf } from '../rows-of.ts';
import { collection } from '../services.ts';
import { type Placement, readApp, useApp } from '../store.ts';

/** One way of measuring items. */
export interface Subject {
  /** Whose vectors, of which kind, under which metric. */
  readonly key: string;
  readonly name: string;
  readonly setting: PaneSetting;
  readonly ids: readonly Id[];
}

/** A map, and what it is held against. */
export interface MapSubject extends Subject {
  /** Of a comparison. */
  readonly pane: number | undefined;
  readonly layout: Pick<PaneLayout, 'positions' | 'dimensions'>;
}

export interface Subjects {
  /** Different from each other. */
  readonly metrics: readonly Subject[];
  /** Items that all of the metrics have. */
  readonly ids: readonly Id[];
  readonly maps: readonly MapSubject[];
  /** False while maps are still being made. */
  readonly settled: boolean;
}

/** The four metrics and the one map; of a comparison its panes. */
export function useSubjects(): Subjects {
  const comparing = useApp((state) => state.comparing);
  const panes = useCompare((state) => state.panes);
  const settling = useApp((state) => state.settling);
  const placement = useApp((state) => state.placement);
  const settings = useApp((state) => state.settings);
  const modelId = useApp((state) => state.modelId);
  const revision = useApp((state) => state.revision);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read of the page depends on these three
  const main = useMemo(
    () => subjectsOfMap(placement, !settling),
    [placement, settling, settings, modelId, revision],
  );
  const compared = useMemo(() => subjectsOfPanes(panes), [panes]);
  return comparing ? compared : main;
}

const keyOf = (setting: PaneSetting): string => `${sourceKey(setting)} ${setting.metric}`;

/** The metrics that are measured now: the panes' different ones, or those of the map's space. */
export function metricsNow(): Omit<Subjects, 'maps'> {
  const { comparing, settling } = readApp();
  if (comparing) return subjectsOfPanes(readCompare().panes);
  return { ...metricsOfMap(), settled: !settling };
}

/** Whether these are the metrics that are measured now; while panes are made nothing has changed yet. */
export function areMetricsNow(metrics: readonly Subject[]): boolean {
  const now = metricsNow();
  const keys = (subjects: readonly Subject[]) =>
    subjects
      .map(({ key }) => key)
      .sort()
      .join(' | ');
  const isMaking = readApp().comparing && (!now.settled || now.metrics.length === 0);
  return isMaking || keys(now.metrics) === keys(metrics);
}

/** Whether these very maps are on the page now. */
export function areMapsNow(maps: readonly MapSubject[]): boolean {
  const { comparing, placement } = readApp();
  return maps.every(({ pane, layout }) => {
    if (pane === undefined) return !comparing && placement?.positions === layout.positions;
    const found = comparing && readCompare().panes.find(({ id }) => id === pane);
    return found && found.shown?.positions === layout.positions;
  });
}

/** The vectors of one space under several metrics. */
export function subjectsOfMetrics(base: PaneSetting, metrics: readonly MetricId[]): Subject[] {
  const { ids } = collection.members(base.space);
  return metrics.map((metric) => {
    const setting = { ...base, metric };
    return { key: keyOf(setting), name: metricName(metric), setting, ids };
  });
}

/** The map of the page, held against its space under its metric, or under another. */
export function subjectOfMap(placement: Placement, metric?: MetricId): MapSubject {
  const { ids, positions, dimensions, space } = placement;
  const base = mainSetting();
  const setting = { ...base, space, dimensions, metric: metric ?? base.metric };
  return {
    key: keyOf(setting),
    name: 'The map',
    setting,
    ids,
    pane: undefined,
    layout: { positions, dimensions },
  };
}

function subjectsOfMap(placement: Placement | undefined, settled: boolean): Subjects {
  const { metrics, ids } = metricsOfMap();
  const here = placement?.ids.every((id) => collection.has(id)) && placement.ids.length > 0;
  return { metrics, ids, maps: placement && here ? [subjectOfMap(placement)] : [], settled };
}

function metricsOfMap(): Pick<Subjects, 'metrics' | 'ids'> {
  const base = mainSetting();
  const metrics = subjectsOfMetrics(
    base,
    PRESETS.metrics(base).map(({ metric }) => metric),
  );
  return { metrics, ids: metrics[0]?.ids ?? [] };
}

export function subjectsOfPanes(panes: readonly ComparePane[]): Subjects {
  const settings = panes.map(({ setting }) => setting);
  const maps: MapSubject[] = panes.flatMap(({ id, setting, progress, shown }, place) => {
    if (progress.type !== 'done' || !shown) return [];
    const { ids, positions, dimensions } = shown;
    return {
      key: keyOf(setting),
      name: `${paneLetter(place)}: ${nameAmong(setting, settings)}`,
      setting,
      ids,
      pane: id,
      layout: { positions, dimensions },
    };
  });
  const metrics = maps
    .filter(({ key }, at) => maps.findIndex((other) => other.key === key) === at)
    .map((map) => ({ ...map, name: nameOf(map.setting, settings) }));
  return { metrics, ids: commonIds(metrics), maps, settled: maps.length === panes.length };
}

function nameOf(setting: PaneSetting, panes: readonly PaneSetting[]): string {
  const source = sourceDifferences(setting, panes).join(', ');
  return source ? `${metricName(setting.metric)} (${source})` : metricName(setting.metric);
}

function commonIds([first, ...others]: readonly Subject[]): readonly Id[] {
  if (!first) return [];
  const rest = others.filter(({ ids }) => ids !== first.ids).map(({ ids }) => new Set(ids));
  return rest.length === 0 ? first.ids : first.ids.filter((id) => rest.every((set) => set.has(id)));
}

/**
 * The vectors of these items, row by row.
 *
 * @throws {RangeError} when one has none
 */
export async function vectorsOf(setting: PaneSetting, ids: readonly Id[]): Promise<VectorSet> {
  const members = await membersOf(setting);
  const same = members.ids.length === ids.length && ids.every((id, row) => members.ids[row] === id);
  // The very array where it can be, for engines keep what they uploaded by it.
  if (same) return members.set;
  const rows = new Map(members.ids.map((id, row) => [id, row]));
  const found = ids.flatMap((id) => rows.get(id) ?? []);
  if (found.length === ids.length) return rowsOf(members.set, found);
  throw new RangeError(
    `${ids.length - found.length} of the ${ids.length} items that were to be measured have no vector in the ${setting.space} space any more: they were removed meanwhile. Measure again.`,
  );
}
