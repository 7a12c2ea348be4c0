import type { Space } from '../../compare/measure-space.ts';
import type { Spread } from '../../compare/spread.ts';
import { distanceText } from '../words.ts';

const WIDTH = 320;
const HEIGHT = 110;

/**
 * How distances are spread, with those of random data beside them. Each is drawn in multiples of its own mean, for random
 * numbers have another scale, and what counts is how wide the hill is.
 */
export function DistanceHistogram({ space }: { readonly space: Space }) {
  const { distances, random } = space;
  const shapes = [
    { name: 'these items', kind: 'items', spread: distances.spread },
    ...(random
      ? [
          { name: 'normal random numbers', kind: 'gaussian', spread: random.gaussian.spread },
          { name: 'uniform random numbers', kind: 'uniform', spread: random.uniform.spread },
        ]
      : []),
  ].filter(({ spread }) => spread.largest > spread.smallest && spread.mean !== 0);
  if (shapes.length === 0) return null;
  const ends = shapes.flatMap(({ spread }) =>
    [spread.smallest, spread.largest].map((end) => end / Math.abs(spread.mean)),
  );
  const [from, to] = [Math.min(0, ...ends), Math.max(...ends)];
  const highest = Math.max(...shapes.map(({ spread }) => Math.max(...densities(spread))));
  const x = (multiple: number) => ((multiple - from) / (to - from)) * WIDTH;
  const { smallest, mean, largest } = distances.spread;
  return (
    <figure className="histogram">
      <svg
        className="histogram-plot"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Histogram of distances: from ${distanceText(smallest)} to ${distanceText(largest)}, mean ${distanceText(mean)}${random ? ', with random data beside it' : ''}.`}
      >
        {shapes.map(({ kind, spread }) => (
          <path key={kind} data-kind={kind} d={outline(spread, x, highest)} />
        ))}
        <line className="mean" x1={x(Math.sign(mean))} x2={x(Math.sign(mean))} y1={0} y2={HEIGHT} />
      </svg>
      <figcaption>
        {shapes.map(({ name, kind }) => (
          <span key={kind}>
            <svg width={18} height={10} aria-hidden="true">
              <path data-kind={kind} d="M1 9V2H17V9" />
            </svg>
            {name}
          </span>
        ))}
        <span>in multiples of the mean (upright line)</span>
      </figcaption>
    </figure>
  );
}

/** Share of the pairs for each unit of the mean. */
function densities({ counts, count, smallest, largest, mean }: Spread): number[] {
  const width = (largest - smallest) / counts.length / Math.abs(mean);
  return Array.from(counts, (pairs) => pairs / count / width);
}

function outline(spread: Spread, x: (multiple: number) => number, highest: number): string {
  const { smallest, largest, mean, counts } = spread;
  const y = (density: number) => (HEIGHT - (density / highest) * (HEIGHT - 4)).toFixed(1);
  const edge = (bin: number) =>
    x((smallest + ((largest - smallest) * bin) / counts.length) / Math.abs(mean)).toFixed(1);
  const steps = densities(spread).map(
    (density, bin) => `L${edge(bin)} ${y(density)}L${edge(bin + 1)} ${y(density)}`,
  );
  return `M${edge(0)} ${HEIGHT}${steps.join('')}L${edge(counts.length)} ${HEIGHT}Z`;
}
