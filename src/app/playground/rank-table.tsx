import { distanceText } from '../words.ts';
import type { MetricView, PlaneMetric } from './measures.ts';
import type { Neighbor } from './nearest.ts';

interface List extends MetricView {
  readonly nearest: readonly Neighbor[];
}

/** The nearest of a point by rank, a column a metric; those that the chosen metric does not find are marked. */
export function RankTable(props: {
  readonly lists: readonly List[];
  readonly metric: PlaneMetric;
  readonly chosen: number;
  readonly k: number;
}) {
  const { lists, metric, chosen, k } = props;
  const own = lists.find(({ id }) => id === metric);
  const found = new Set(own?.nearest.map(({ index }) => index));
  const ownLabel = own?.label ?? '';
  return (
    <section className="pg-card" aria-label="Ranks side by side">
      <h3>Nearest to point {chosen + 1}</h3>
      <table className="pg-ranks">
        <thead>
          <tr>
            <th scope="col">Rank</th>
            {lists.map(({ id, label }) => (
              <th key={id} scope="col" data-metric={id} data-chosen={id === metric || undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: k }, (_, rank) => rank).map((rank) => (
            <tr key={rank}>
              <th scope="row">{rank + 1}</th>
              {lists.map(({ id, nearest }) => {
                const neighbor = nearest[rank];
                return (
                  <td key={id}>{neighbor && <Cell {...neighbor} isOdd={!found.has(neighbor.index)} />}</td>
                );
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Shared</th>
            {lists.map(({ id, nearest }) => (
              <td key={id}>
                {nearest.filter(({ index }) => found.has(index)).length} of {k}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
      <p>
        Nearest by {ownLabel}: {own?.neighborNotice}
      </p>
      <p>
        <mark className="pg-odd">Marked</mark>: not among them.
      </p>
    </section>
  );
}

function Cell({ index, distance, isOdd }: Neighbor & { readonly isOdd: boolean }) {
  const text = <strong>{index + 1}</strong>;
  return (
    <>
      {isOdd ? <mark className="pg-odd">{text}</mark> : text} <small>{distanceText(distance)}</small>
    </>
  );
}
