import type { Table } from '../../measures/tables.ts';
import { SaveTable } from '../../panels/measures-save.tsx';
import { Folded } from './folded.tsx';
import type { Column } from './loss-columns.ts';
import { numberText } from './number-words.ts';
import type { NamedRun } from './runs-shown.tsx';

/** Rows of a table that is read; all steps are in the file. */
const ROWS = 10;

/** The curves as numbers: some steps to read, all of them as a file. */
export function LossTable(props: {
  readonly runs: readonly NamedRun[];
  readonly columns: readonly Column[];
}) {
  const { runs, columns } = props;
  return (
    <Folded summary="Numbers">
      {() =>
        runs.map(({ run, which, name }) => {
          const own = columns.flatMap(({ id, title, lines }) => {
            const line = lines.find((each) => each.which === which);
            return line ? [{ id, title, values: line.values, has: line.has }] : [];
          });
          const { steps } = run.curves;
          return (
            <div key={which}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
              <section className="lab-wide" aria-label={`Numbers of ${name}`} tabIndex={0}>
                <table className="lab-table">
                  {runs.length > 1 && <caption>{name}</caption>}
                  <thead>
                    <tr>
                      <th scope="col">Step</th>
                      {own.map(({ id, title }) => (
                        <th key={id} scope="col">
                          {title}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {evenly(steps.length, ROWS).map((at) => (
                      <tr key={at}>
                        <th scope="row">{steps[at]?.toLocaleString('en-US')}</th>
                        {own.map(({ id, values, has }) => (
                          <td key={id}>{has?.(at) === false ? '–' : numberText(values[at] ?? Number.NaN)}</td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
              <SaveTable
                what={`All ${steps.length.toLocaleString('en-US')} steps`}
                table={(): Table => ({
                  name: `loss-${run.settings.recipe}-${which}`,
                  columns: ['step', ...own.map(({ id }) => id.replace(/^(term|learned) /, ''))],
                  rows: steps.map((step, at) => [step, ...own.map(({ values }) => values[at])]),
                })}
              />
            </div>
          );
        })
      }
    </Folded>
  );
}

/** At most so many places among a count, evenly, the first and the last among them. */
export function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: most }, (_, at) => Math.round((at * (count - 1)) / (most - 1)));
}
