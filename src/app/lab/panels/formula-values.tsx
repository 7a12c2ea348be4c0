import { Folded } from './folded.tsx';
import { learnedOf, settingsOf, type Value } from './live-formula.ts';
import { plainNumber } from './number-words.ts';
import { objectiveOf } from './recipe-objective.ts';
import { type NamedRun, Swatch } from './runs-shown.tsx';
import { symbolsOf } from './symbols.ts';
import { Written } from './written.tsx';

/** Terms from which on the list is folded. */
const MANY = 7;

/** What each letter of a formula means, and what it is in each run. */
export function FormulaValues({
  runs,
  isNamed,
}: {
  readonly runs: readonly NamedRun[];
  readonly isNamed: boolean;
}) {
  const [first] = runs;
  if (!first) return null;
  const { id, terms } = objectiveOf(first.run.settings.recipe);
  const present = new Set(runs.flatMap(({ run }) => Object.keys(run.curves.terms)));
  const shown = present.size > 0 ? terms.filter((term) => present.has(term.id)) : terms;
  const symbols = runs.map(({ run }) => symbolsOf(id, run.settings));
  const rows: Row[] = [
    ...(symbols[0] ?? []).map(({ symbol, meaning }, at) => ({
      key: symbol,
      symbol,
      meaning,
      cells: symbols.map((each) => {
        const value = each[at]?.value;
        return value === undefined ? undefined : { text: plainNumber(value), changedFrom: undefined };
      }),
    })),
    ...shown.map(({ id: key, symbol, label, meaning }) => ({ key, symbol, label, meaning, cells: [] })),
    ...valueRows(runs.map(({ run }) => settingsOf(run))),
    ...valueRows(
      runs.map(({ run }) => learnedOf(run)),
      'Learned. ',
    ),
  ];
  return (
    <Folded summary="What the letters mean" isOpen={terms.length < MANY}>
      {() => (
        <dl className="lab-symbols">
          {rows.map(({ key, symbol, label, meaning, cells }) => (
            <div key={key} className="lab-symbol">
              <dt>
                <Written line={symbol || (label ?? '')} />
              </dt>
              <dd>
                {symbol && label ? `${label}. ` : ''}
                {meaning}
                {cells.map(
                  (cell, at) =>
                    cell && (
                      <span key={runs[at]?.which} className="lab-value">
                        {isNamed && runs[at] && <Swatch which={runs[at].which} />}
                        <strong>{cell.text}</strong>
                        {cell.changedFrom !== undefined && (
                          <em className="lab-changed">changed from {cell.changedFrom}</em>
                        )}
                      </span>
                    ),
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Folded>
  );
}

interface Row {
  readonly key: string;
  readonly symbol: string;
  readonly label?: string;
  readonly meaning: string;
  /** One for each run; none where it is no number. */
  readonly cells: readonly (Pick<Value, 'text' | 'changedFrom'> | undefined)[];
}

function valueRows(ofRuns: readonly (readonly Value[])[], before = ''): Row[] {
  const known = new Map(ofRuns.flat().map((value) => [value.id, value]));
  return [...known.values()].map(({ id, symbol, label, meaning }) => ({
    key: id,
    symbol,
    label,
    meaning: before + meaning,
    cells: ofRuns.map((values) => values.find((value) => value.id === id)),
  }));
}
