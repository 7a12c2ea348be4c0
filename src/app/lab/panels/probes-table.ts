/** Every number of the probes of a run as a table that leaves the page. */
import type { Cell } from '../../../export/csv.ts';
import type { Table } from '../../measures/tables.ts';
import { type ProbedRun, reportsOf } from './probed-runs.ts';

/** A row for each number of each step; raw inputs, which have no step, come last. */
export function probesTable({ probes, settings, which }: ProbedRun): Table {
  const rows: Cell[][] = [];
  for (const { step, report } of reportsOf(probes)) {
    const add = (probe: string, of: string, what: string, value: number, chance?: number): void => {
      rows.push([step, probe, of, what, value, chance]);
    };
    for (const probe of ['knn', 'linear'] as const) {
      for (const [modality, told] of Object.entries(report[probe])) {
        if (told.type === 'unfit') continue;
        for (const [factor, { value, chance }] of Object.entries(told.value))
          add(probe, modality, factor, value, chance);
      }
    }
    for (const [modality, { common, unique }] of Object.entries(report.parts)) {
      for (const [part, told] of Object.entries({ common, unique })) {
        if (told.type === 'unfit') continue;
        for (const [factor, { value, chance }] of Object.entries(told.value)) {
          add(`linear, ${part} dimensions`, modality, factor, value, chance);
        }
      }
    }
    for (const { from, to, mark, recalls } of report.retrieval) {
      if (recalls.type === 'unfit') continue;
      for (const { k, value, chance } of recalls.value)
        add(`recall@${k}`, `${from} to ${to}`, mark, value, chance);
    }
    for (const { first, second, alignment, gap } of report.pairs) {
      const pair = `${first} and ${second}`;
      if (alignment.type === 'measured')
        add('alignment', pair, '', alignment.value.value, alignment.value.chance);
      if (gap.type === 'measured') add('gap', pair, '', gap.value.value, gap.value.chance);
    }
    for (const [modality, uniformity] of Object.entries(report.uniformity)) {
      if (uniformity.type === 'measured') add('uniformity', modality, '', uniformity.value.value);
    }
    for (const [modality, spread] of Object.entries(report.spread)) {
      if (spread.type === 'measured')
        add('effective rank', modality, spread.value.collapse, spread.value.centeredRank);
    }
  }
  for (const [modality, told] of Object.entries(probes.raw ?? {})) {
    for (const probe of ['knn', 'linear'] as const) {
      for (const [factor, { value, chance }] of Object.entries(told[probe])) {
        rows.push([undefined, `${probe} of raw inputs`, modality, factor, value, chance]);
      }
    }
  }
  return {
    name: `probes-${settings.recipe}-${which}`,
    columns: ['step', 'probe', 'of', 'what', 'value', 'chance'],
    rows,
  };
}
