import { useState } from 'react';
import type { PairNumber } from '../measures/pairs.ts';

/** A number for each two metrics, shaded by how far it is above chance; one pair is put into words. */
export function PairMatrix(props: {
  readonly names: readonly string[];
  readonly numbers: readonly PairNumber[];
  readonly title: string;
}) {
  const { names, numbers, title } = props;
  const [chosen, setChosen] = useState<string | undefined>();
  const keyOf = ({ first, second }: PairNumber) => `${first} ${second}`;
  const least = numbers.reduce<PairNumber | undefined>(
    (found, each) => (found && !(each.value < found.value) ? found : each),
    undefined,
  );
  const looked = numbers.find((each) => keyOf(each) === chosen) ?? least;
  const at = (a: number, b: number) =>
    numbers.find(({ first, second }) => first === Math.min(a, b) && second === Math.max(a, b));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="measures-wide" aria-label="Matrix of metrics" tabIndex={0}>
        <table className="measures-matrix">
          <caption className="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name, row) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {names.map((other, column) => {
                  const number = at(row, column);
                  if (row === column || !number)
                    return (
                      <td key={other} className="measures-same">
                        1
                      </td>
                    );
                  return (
                    <td key={other}>
                      <button
                        type="button"
                        style={{
                          background: `color-mix(in srgb, var(--accent) ${shadeOf(number)}, var(--ground))`,
                        }}
                        aria-label={`${name} and ${other}: ${text(number.value)}`}
                        aria-pressed={looked === number}
                        onClick={() => setChosen(keyOf(number))}
                      >
                        {text(number.value)}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">By chance</th>
              <td colSpan={names.length}>{text(numbers[0]?.chance ?? Number.NaN)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <p className="measures-reading" role="status">
        {looked?.read({ first: names[looked.first] ?? '', second: names[looked.second] ?? '' })}
      </p>
    </>
  );
}

const text = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3));

/** 0 at chance or below, 1 where two metrics are the same. */
function shadeOf({ value, chance }: PairNumber): string {
  const share = (value - chance) / (1 - chance);
  return `${Math.round(45 * Math.min(1, Math.max(0, share)) || 0)}%`;
}
