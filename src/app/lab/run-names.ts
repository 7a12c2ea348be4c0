import type { RunSettings } from '../../lab/training/settings.ts';
import { changesOf } from './panels/run-changes.ts';
import { objectiveSettings } from './settings-fields.ts';

/** What tells the second of two runs apart from the first, in words; empty where they are alike. */
export function differences(first: RunSettings, second: RunSettings): readonly string[] {
  const known = changesOf(first);
  const others = changesOf(second)
    .filter(({ what, now }) => known.find((each) => each.what === what)?.now !== now)
    .map(({ what, now }) => `${what}: ${now}`);
  const undone = known
    .filter(({ what }) => !changesOf(second).some((each) => each.what === what))
    .map(({ what, initially }) => `${what}: ${initially}`);
  const objective = objectiveSettings(second.recipe)
    .filter(({ id }) => (first.objective[id] ?? '') !== (second.objective[id] ?? ''))
    .map(({ id, label }) => `${label}: ${second.objective[id]}`);
  return [...objective, ...others, ...undone];
}

export function runNames(first: RunSettings, second: RunSettings): readonly [string, string] {
  const differing = differences(first, second);
  return ['Unchanged', differing.length > 0 ? differing.join(', ') : 'The same again'];
}
