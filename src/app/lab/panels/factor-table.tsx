import type { Told } from '../../../lab/probes/report.ts';
import { percentText } from './number-words.ts';
import { Swatch, type Which } from './runs-shown.tsx';

/** How well a factor is told, by each run and by what was not trained. */
export interface FactorRow {
  readonly factor: Told;
  readonly isShown: boolean;
  readonly chance: number;
  /** Of the untrained encoder; undefined where it was not measured. */
  readonly random: number | undefined;
  /** Of the inputs as they are. */
  readonly raw: number | undefined;
  readonly values: readonly { readonly which: Which; readonly value: number | undefined }[];
}

interface FactorTableProps {
  readonly rows: readonly FactorRow[];
  readonly hiddenIn: string;
  readonly chosen: Told;
  readonly onChoose: (factor: Told) => void;
}

/** A row for each factor, from 0 to 100 %; what a modality hides stands apart. */
export function FactorTable({ rows, hiddenIn, chosen, onChoose }: FactorTableProps) {
  const shown = rows.filter(({ isShown }) => isShown);
  const hidden = rows.filter(({ isShown }) => !isShown);
  const each = { chosen, onChoose };
  return (
    <table className="lab-accuracies">
      <caption className="visually-hidden">How well each factor is told</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Factor</th>
          <th scope="col">Chance and baselines</th>
          <th scope="col">Accuracy</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((row) => (
          <Row key={row.factor} row={row} {...each} />
        ))}
      </tbody>
      {hidden.length > 0 && (
        <tbody>
          <tr>
            <th colSpan={3} scope="colgroup" className="lab-accuracies-group">
              Hidden in {hiddenIn}: must stay at chance
            </th>
          </tr>
          {hidden.map((row) => (
            <Row key={row.factor} row={row} {...each} />
          ))}
        </tbody>
      )}
    </table>
  );
}

function Row(props: Pick<FactorTableProps, 'chosen' | 'onChoose'> & { readonly row: FactorRow }) {
  const { row, chosen, onChoose } = props;
  const { factor, chance, random, raw, values } = row;
  const words = [
    `chance ${percentText(chance)}`,
    random === undefined ? '' : `untrained ${percentText(random)}`,
    raw === undefined ? '' : `raw inputs ${percentText(raw)}`,
  ];
  return (
    <tr data-chosen={factor === chosen || undefined}>
      <th scope="row">
        <button type="button" aria-pressed={factor === chosen} onClick={() => onChoose(factor)}>
          {factor}
        </button>
      </th>
      <td>
        <span className="visually-hidden">{words.filter(Boolean).join(', ')}</span>
        <Marks row={row} />
      </td>
      <td>
        {values.map(({ which, value }) => (
          <span key={which} className="lab-factor-value">
            {values.length > 1 && <Swatch which={which} />}
            {value === undefined ? '–' : percentText(value)}
          </span>
        ))}
      </td>
    </tr>
  );
}

function Marks({ row: { chance, random, raw, values } }: { readonly row: FactorRow }) {
  const at = (value: number) => ({ left: `${(100 * value).toFixed(1)}%` });
  return (
    <span className="lab-marks" aria-hidden="true">
      <i data-mark="chance" style={at(chance)} />
      {values.map(
        ({ which, value }) =>
          value !== undefined && (
            <i
              key={which}
              data-mark="reach"
              data-run={which}
              style={{
                ...at(Math.min(chance, value)),
                width: `${(100 * Math.abs(value - chance)).toFixed(1)}%`,
              }}
            />
          ),
      )}
      {random !== undefined && <i data-mark="random" style={at(random)} />}
      {raw !== undefined && <i data-mark="raw" style={at(raw)} />}
      {values.map(
        ({ which, value }) =>
          value !== undefined && <i key={which} data-mark="value" data-run={which} style={at(value)} />,
      )}
    </span>
  );
}

/** What the marks stand for. */
export function MarksLegend({
  hasRandom,
  hasRaw,
}: {
  readonly hasRandom: boolean;
  readonly hasRaw: boolean;
}) {
  const marks = [
    { mark: 'chance', label: 'chance' },
    ...(hasRandom ? [{ mark: 'random', label: 'untrained (random initialization)' }] : []),
    ...(hasRaw ? [{ mark: 'raw', label: 'raw inputs' }] : []),
    { mark: 'value', label: 'now' },
  ];
  return (
    <ul className="lab-legend" aria-label="Marks">
      {marks.map(({ mark, label }) => (
        <li key={mark}>
          <span className="lab-marks" data-key="" aria-hidden="true">
            <i data-mark={mark} data-run="first" />
          </span>
          {label}
        </li>
      ))}
    </ul>
  );
}
