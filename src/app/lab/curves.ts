import type { StepNumbers } from '../../lab/training/learner.ts';
import type { Curves } from './state.ts';

/** Steps that are kept; beyond them every other one of the older is let go. */
const KEPT = 6000;

/** Steps that were taken join those before; a step that is taken again, after a lost device, counts in its newer form. */
export function addSteps(curves: Curves, numbers: readonly StepNumbers[]): Curves {
  const first = numbers[0]?.step ?? 0;
  const before = curves.steps.findIndex((step) => step >= first);
  const kept = before < 0 ? curves.steps.length : before;
  const joined: Curves = {
    steps: [...curves.steps.slice(0, kept), ...numbers.map(({ step }) => step)],
    rate: [...curves.rate.slice(0, kept), ...numbers.map(({ rate }) => rate)],
    total: [...curves.total.slice(0, kept), ...numbers.map(({ total }) => total)],
    terms: joinColumns(curves.terms, numbers, kept, ({ terms }) => terms),
    learned: joinColumns(curves.learned, numbers, kept, ({ learned }) => learned),
  };
  return joined.steps.length > KEPT ? thinOut(joined) : joined;
}

type Columns = Readonly<Record<string, readonly number[]>>;

/** A term that a stage has not is no number there. */
function joinColumns(
  columns: Columns,
  numbers: readonly StepNumbers[],
  kept: number,
  read: (numbers: StepNumbers) => Readonly<Record<string, number>>,
): Columns {
  const names = new Set([...Object.keys(columns), ...numbers.flatMap((each) => Object.keys(read(each)))]);
  const joined: Record<string, readonly number[]> = {};
  for (const name of names) {
    const before = columns[name]?.slice(0, kept) ?? new Array<number>(kept).fill(Number.NaN);
    joined[name] = [...before, ...numbers.map((each) => read(each)[name] ?? Number.NaN)];
  }
  return joined;
}

/** Every other one of the older half. */
function thinOut(curves: Curves): Curves {
  const half = curves.steps.length / 2;
  const pick = (column: readonly number[]) => column.filter((_, at) => at >= half || at % 2 === 0);
  const pickAll = (columns: Columns): Columns =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, pick(column)] as const));
  return {
    steps: pick(curves.steps),
    rate: pick(curves.rate),
    total: pick(curves.total),
    terms: pickAll(curves.terms),
    learned: pickAll(curves.learned),
  };
}
