import type { Space } from '../../compare/measure-space.ts';
import { endsOf, hillsOf } from '../../export/histogram.ts';
import { distanceText } from '../words.ts';

const WIDTH = 320;
const HEIGHT = 110;

/** How distances are spread, with those of random data beside them. */
export function DistanceHistogram({ space }: { readonly space: Space }) {
  const { random } = space;
  const hills = hillsOf(space);
  if (!hills) return null;
  const { shapes, unit, what } = hills;
  const middle = ((hills.mean - hills.from) / (hills.to - hills.from)) * WIDTH;
  const [smallest, largest, mean] = endsOf(space);
  const plural = what === 'distance' ? 'distances' : 'similarities';
  return (
    <figure className="histogram">
      <svg
        className="histogram-plot"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Histogram of ${plural}: from ${distanceText(smallest)} to ${distanceText(largest)}, mean ${distanceText(mean)}${random ? ', with random data beside it' : ''}.`}
      >
        {shapes.map((hill) => (
          <path key={hill.kind} data-kind={hill.kind} d={hills.outline(hill, WIDTH, HEIGHT)} />
        ))}
        <line className="mean" x1={middle} x2={middle} y1={0} y2={HEIGHT} />
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
        <span>
          {what}, in {unit} (upright line)
        </span>
      </figcaption>
    </figure>
  );
}
