import type { LabRun } from '../state.ts';
import type { CurveLine } from './curve-chart.tsx';
import { objectiveOf } from './recipe-objective.ts';
import type { NamedRun } from './runs-shown.tsx';

/** A number of the training over steps, of every run that has it. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly meaning?: string;
  readonly lines: readonly CurveLine[];
}

/** Everything that a step tells, in the order in which it is read: terms, what was learned beside the encoders, the learning rate. */
export function columnsOf(runs: readonly NamedRun[]): { readonly total: Column; readonly others: Column[] } {
  const line = ({ run, which, name }: NamedRun, values: readonly number[]): CurveLine => ({
    which,
    name,
    steps: run.curves.steps,
    values,
    has: (at) => Number.isFinite(values[at]) || !Number.isFinite(run.curves.total[at]),
  });
  const others = new Map<string, { title: string; meaning?: string; lines: CurveLine[] }>();
  const add = (id: string, named: NamedRun, values: readonly number[], words: Words): void => {
    const column = others.get(id) ?? { ...words, lines: [] };
    column.lines.push(line(named, values));
    others.set(id, column);
  };
  for (const named of runs) {
    for (const [id, values] of Object.entries(named.run.curves.terms)) {
      add(`term ${id}`, named, values, wordsOfTerm(named.run, id));
    }
  }
  for (const named of runs) {
    for (const [id, values] of Object.entries(named.run.curves.learned)) {
      for (const each of learnedColumns(named.run, id, values)) add(each.id, named, each.values, each.words);
    }
  }
  for (const named of runs) {
    add('rate', named, named.run.curves.rate, {
      title: 'Learning rate',
      meaning: 'How far a step moves the parameters: it warms up, and then follows half a cosine.',
    });
  }
  return {
    total: { id: 'total', title: 'Loss', lines: runs.map((named) => line(named, named.run.curves.total)) },
    others: [...others].map(([id, column]) => ({ id, ...column })),
  };
}

interface Words {
  readonly title: string;
  readonly meaning?: string;
}

function wordsOfTerm({ settings, weights }: LabRun, id: string): Words {
  const term = objectiveOf(settings.recipe).terms.find((each) => each.id === id);
  if (!term) return { title: id };
  const weight = weights[id];
  const counted = weight === undefined || weight === 1 ? '' : ` It counts ${weight} times in the loss.`;
  return { title: term.label, meaning: term.meaning + counted };
}

/** A learned logarithm is shown as what it stands for: people speak of temperatures. */
function learnedColumns(
  { settings }: LabRun,
  id: string,
  values: readonly number[],
): readonly { readonly id: string; readonly values: readonly number[]; readonly words: Words }[] {
  const learned = objectiveOf(settings.recipe).learned.find((each) => each.id === id);
  const own = {
    id: `learned ${id}`,
    values,
    words: {
      title: learned ? `${learned.label} ${learned.symbol}` : id,
      ...(learned && { meaning: learned.meaning }),
    },
  };
  if (!isLogScale(id)) return [own];
  const of = id.includes('.') ? ` of ${id.split('.')[0]}` : '';
  return [
    {
      id: `temperature ${id}`,
      values: values.map((value) => Math.exp(-value)),
      words: {
        title: `Temperature 1/eᵗ${of}`,
        meaning: 'Learned: the lower, the sharper the choice among the items of a batch.',
      },
    },
    own,
  ];
}

export function isLogScale(id: string): boolean {
  return id === 'logScale' || id.endsWith('.logScale');
}

/** The step whose loss is no number any more, if the run ended so. */
export function divergedAt({ curves }: LabRun): number | undefined {
  const { steps, total } = curves;
  const last = total.at(-1);
  if (last === undefined || Number.isFinite(last)) return undefined;
  let at = total.length - 1;
  while (at > 0 && !Number.isFinite(total[at - 1])) at--;
  return steps[at];
}
