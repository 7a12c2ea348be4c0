/** What a run's settings have that its recipe's defaults have not, beside those of the objective, in words. */
import { defaultsOf } from '../../../lab/training/recipes.ts';
import type { RunSettings } from '../../../lab/training/settings.ts';
import type { ViewSettings } from '../../../lab/views/draw-views.ts';
import { plainNumber } from './number-words.ts';

export interface Change {
  readonly what: string;
  readonly now: string;
  readonly initially: string;
}

/** Nothing of the seed and the number of steps: they make another run of the same kind. */
export function changesOf(settings: RunSettings): readonly Change[] {
  const initial = defaultsOf(settings.recipe);
  const changes: Change[] = [];
  const compare = (what: string, now: string, initially: string): void => {
    if (now !== initially) changes.push({ what, now, initially });
  };
  for (const [key, what] of NUMBERS) compare(what, plainNumber(settings[key]), plainNumber(initial[key]));
  compare('Learns from', dataText(settings), dataText(initial));
  compare('Modalities', settings.modalities.join(', '), initial.modalities.join(', '));
  for (const [key, what] of VIEWS) compare(what, word(settings.views[key]), word(initial.views[key]));
  compare('Told class', settings.target, initial.target);
  compare('Pairs', settings.shuffled ? 'shuffled' : 'true', initial.shuffled ? 'shuffled' : 'true');
  compare('Bound to nothing shared', listed(settings.unbound), listed(initial.unbound));
  compare(
    'The same in all scenes',
    listed(Object.values(settings.fixed)),
    listed(Object.values(initial.fixed)),
  );
  return changes;
}

const NUMBERS = [
  ['batchSize', 'Batch'],
  ['side', 'Pixels a side'],
  ['size', 'Size of the encoders'],
  ['width', 'Numbers in an embedding'],
  ['headWidth', 'Numbers that the loss sees'],
  ['rate', 'Peak of the learning rate'],
  ['warmupSteps', 'Steps of warm-up'],
] as const satisfies readonly (readonly [keyof RunSettings, string])[];

const VIEWS = [
  ['crop', 'Views: crop'],
  ['flip', 'Views: flip'],
  ['jitter', 'Views: color jitter'],
  ['gray', 'Views: gray'],
  ['blur', 'Views: blur'],
  ['leastArea', 'Views: least part that a crop keeps'],
  ['strength', 'Views: strength of the jitter'],
] as const satisfies readonly (readonly [keyof ViewSettings, string])[];

function dataText({ data }: Pick<RunSettings, 'data'>): string {
  if (!data) return 'the made-up world';
  return data.kind === 'samples' ? 'the sample pictures' : `${data.count.toLocaleString('en-US')} pictures`;
}

function word(value: boolean | number): string {
  if (typeof value === 'number') return plainNumber(value);
  return value ? 'on' : 'off';
}

const listed = (names: readonly string[]): string => names.join(', ') || 'none';
