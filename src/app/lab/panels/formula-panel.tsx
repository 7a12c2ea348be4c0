import { useDeferredValue, useMemo } from 'react';
import { Quiet } from '../../panels/measures-asked.tsx';
import { FormulaValues } from './formula-values.tsx';
import { type Equation, equationOf, equationText, productText } from './live-formula.ts';
import { numberText } from './number-words.ts';
import { objectiveOf } from './recipe-objective.ts';
import { RunChanges } from './run-changes-list.tsx';
import { type NamedRun, namedRuns, type PanelProps, Swatch } from './runs-shown.tsx';
import { Written } from './written.tsx';
import './formula.css';

/** What is made small: the formula as published, the numbers of the last step in it, and what its letters mean. */
export function FormulaPanel(props: PanelProps) {
  const shown = useDeferredValue(props);
  const runs = useMemo(() => namedRuns(shown), [shown]);
  // Runs of one objective share its text; their numbers stand below each other.
  const groups = useMemo(() => {
    const byObjective = new Map<string, NamedRun[]>();
    for (const each of runs) {
      const { id } = objectiveOf(each.run.settings.recipe);
      byObjective.set(id, [...(byObjective.get(id) ?? []), each]);
    }
    return [...byObjective.values()];
  }, [runs]);
  return (
    <section className="lab-panel" aria-label="Formula">
      {groups.map((group) => (
        <ObjectiveOf key={group[0]?.which} runs={group} isNamed={runs.length > 1} />
      ))}
    </section>
  );
}

function ObjectiveOf({ runs, isNamed }: { readonly runs: readonly NamedRun[]; readonly isNamed: boolean }) {
  const [first] = runs;
  if (!first) return null;
  const { label, purpose, formula, source } = objectiveOf(first.run.settings.recipe);
  return (
    <>
      <h3>{label}</h3>
      <p>{purpose}</p>
      <div className="lab-formula">
        {formula.map((line) => (
          <code key={line}>
            <Written line={line} />
          </code>
        ))}
      </div>
      {runs.map((each) => (
        <LiveEquation key={each.which} named={each} isNamed={isNamed} />
      ))}
      <RunChanges runs={runs} isNamed={isNamed && runs.length > 1} />
      <FormulaValues runs={runs} isNamed={isNamed && runs.length > 1} />
      <Quiet>
        <a href={source.url} target="_blank" rel="noreferrer">
          {source.citation}
        </a>
      </Quiet>
    </>
  );
}

function LiveEquation({ named, isNamed }: { readonly named: NamedRun; readonly isNamed: boolean }) {
  const { run, which, name } = named;
  const equation = equationOf(run);
  return (
    <div className="lab-live">
      <div className="lab-live-head">
        {isNamed && (
          <strong>
            <Swatch which={which} />
            {name}
          </strong>
        )}
        <span>{equation ? `At step ${equation.step.toLocaleString('en-US')}` : 'Before the first step'}</span>
      </div>
      {equation ? (
        <Numbers equation={equation} />
      ) : (
        <Quiet>The numbers are put in from the first step on.</Quiet>
      )}
    </div>
  );
}

function Numbers({ equation }: { readonly equation: Equation }) {
  const { total, addends, absent } = equation;
  return (
    <>
      <div className="lab-equation" role="math" aria-label={equationText(equation)}>
        <Stacked above={numberText(total)} below="L" sign="" />
        {addends.map(({ id, symbol, weight, value, isChanged }, at) => (
          <Stacked
            key={id}
            above={productText(weight, value)}
            below={symbol}
            sign={at === 0 ? '=' : '+'}
            isChanged={isChanged}
          />
        ))}
      </div>
      {addends.length > 1 && (
        <table className="lab-shares">
          <caption className="visually-hidden">What each term adds to the loss</caption>
          <thead className="visually-hidden">
            <tr>
              <th scope="col">Term</th>
              <th scope="col">Part of the sum</th>
              <th scope="col">Weight times term</th>
            </tr>
          </thead>
          <tbody>
            {addends.map(({ id, label, meaning, product, share }) => (
              <tr key={id}>
                <th scope="row" title={meaning}>
                  {label}
                </th>
                <td className="lab-share" aria-label={`${Math.round(share * 100)} %`}>
                  <i
                    data-below={product < 0 || undefined}
                    style={{ width: `${(share * 100).toFixed(1)}%` }}
                  />
                </td>
                <td>{numberText(product)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {absent.length > 0 && <Quiet>Not in this stage: {absent.join(', ')}.</Quiet>}
    </>
  );
}

function Stacked(props: {
  readonly above: string;
  readonly below: string;
  readonly sign: string;
  /** Whether it is weighted otherwise than by default. */
  readonly isChanged?: boolean;
}) {
  const { above, below, sign, isChanged = false } = props;
  return (
    <span className="lab-stacked" aria-hidden="true">
      {sign && <span className="lab-sign">{sign}</span>}
      <span>
        <span>{above}</span>
        <small data-changed={isChanged || undefined}>
          <Written line={below} />
        </small>
      </span>
    </span>
  );
}
