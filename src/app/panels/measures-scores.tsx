import type { Score } from '../measures/scores.ts';
import { Quiet } from './measures-asked.tsx';

export interface ScoredMap {
  readonly name: string;
  readonly scores: readonly Score[];
}

/** Width of a plot in its own units. */
const WIDTH = 100;

/** Every number as a dot, beside those of PCA and of a random map; of several maps one row each. */
export function ScoreTable({ maps }: { readonly maps: readonly ScoredMap[] }) {
  const [first] = maps;
  if (!first) return null;
  const several = maps.length > 1;
  const below = maps.some(({ scores }) => scores.some(({ value, pca }) => value < 0 || pca < 0));
  return (
    <>
      <table className="measures-scores">
        <caption className="visually-hidden">Each measure of the map, of PCA and of a random map</caption>
        <thead>
          <tr>
            <td />
            <td className="measures-ends">0 … 1</td>
            <th scope="col">
              <Mark kind="map" /> Map
            </th>
            <th scope="col">
              <Mark kind="pca" /> PCA
            </th>
            <th scope="col">
              <Mark kind="random" /> Random
            </th>
          </tr>
        </thead>
        {first.scores.map(({ label }, at) => (
          <tbody key={label}>
            {several && (
              <tr>
                <th colSpan={5} scope="colgroup" className="measures-group">
                  {label}
                </th>
              </tr>
            )}
            {maps.map(({ name, scores }) => {
              const score = scores[at];
              return (
                score && (
                  <tr key={name}>
                    <th scope="row">{several ? name : label}</th>
                    <td aria-hidden="true">
                      <DotPlot score={score} />
                    </td>
                    <td className="measures-value">
                      {text(score.value)}
                      {score.standardError > 0 && <small>± {score.standardError.toFixed(3)}</small>}
                    </td>
                    <td>{text(score.pca)}</td>
                    <td>{text(score.random)}</td>
                  </tr>
                )
              );
            })}
          </tbody>
        ))}
      </table>
      {below && <Quiet>What is below 0 is drawn at 0.</Quiet>}
    </>
  );
}

const text = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3));

function DotPlot({ score }: { readonly score: Score }) {
  const { value, pca, random } = score;
  const x = (number: number) => 5 + Math.min(1, Math.max(0, number)) * (WIDTH - 10);
  return (
    <svg className="measures-dots" viewBox={`0 0 ${WIDTH} 16`} aria-hidden="true">
      <line className="track" x1={x(0)} x2={x(1)} y1={8} y2={8} />
      {!Number.isNaN(random) && <line className="random" x1={x(random)} x2={x(random)} y1={2} y2={14} />}
      {!Number.isNaN(value) && !Number.isNaN(random) && (
        <line className="reach" x1={x(random)} x2={x(value)} y1={8} y2={8} />
      )}
      {!Number.isNaN(pca) && <path className="pca" d={`M${x(pca)} 3.5l4.5 4.5-4.5 4.5-4.5-4.5Z`} />}
      {!Number.isNaN(value) && <circle className="map" cx={x(value)} cy={8} r={4} />}
    </svg>
  );
}

function Mark({ kind }: { readonly kind: 'map' | 'pca' | 'random' }) {
  return (
    <svg
      className="measures-dots measures-mark"
      width={11}
      height={11}
      viewBox="0 0 11 11"
      aria-hidden="true"
    >
      {kind === 'map' && <circle className="map" cx={5.5} cy={5.5} r={4} />}
      {kind === 'pca' && <path className="pca" d="M5.5 1l4.5 4.5-4.5 4.5-4.5-4.5Z" />}
      {kind === 'random' && <line className="random" x1={5.5} x2={5.5} y1={0.5} y2={10.5} />}
    </svg>
  );
}
