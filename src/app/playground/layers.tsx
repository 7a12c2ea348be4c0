import { angleBetween, arcBetween, ballOf, QUADRANTS } from './geometry.ts';
import { bitsOf, type PlaneMetric } from './measures.ts';
import { EXTENT, type Point } from './plane.ts';
import { pathThrough } from './plane-view.tsx';
import { staircases } from './staircases.ts';

interface Pair {
  readonly a: Point;
  readonly b: Point;
}

// More would fill the rectangle and none could be followed.
const MOST_PATHS = 8;

/** What a metric measures between two points, drawn. */
export function MetricLayer(props: Pair & { readonly metric: PlaneMetric; readonly path: number }) {
  const { metric, a, b, path } = props;
  switch (metric) {
    case 'euclidean':
      return <path className="pg-line" data-metric={metric} d={pathThrough([a, b])} />;
    case 'manhattan':
      return <Staircases a={a} b={b} path={path} />;
    case 'cosine':
      return <Angle a={a} b={b} />;
    case 'hamming':
      return <Quadrants a={a} b={b} />;
  }
}

function Staircases({ a, b, path }: Pair & { readonly path: number }) {
  const ways = staircases(a, b, MOST_PATHS);
  const chosen = ways[path % ways.length];
  return (
    <g data-metric="manhattan">
      {ways.map((way) => {
        const d = pathThrough(way);
        return <path key={d} className="pg-faint" d={d} />;
      })}
      {chosen && <path className="pg-line" d={pathThrough(chosen)} />}
    </g>
  );
}

const ARC = 1.3;

function Angle({ a, b }: Pair) {
  const angle = angleBetween(a, b);
  const arc = angle === undefined ? [] : arcBetween(a, b, ARC);
  const middle = angle === undefined ? undefined : arcBetween(a, b, ARC + 0.65);
  const at = middle?.[Math.floor(middle.length / 2)];
  const origin = { x: 0, y: 0 };
  return (
    <g data-metric="cosine">
      {[a, b].map((point, index) => (
        <g key={index === 0 ? 'A' : 'B'}>
          <path className="pg-faint" d={pathThrough([origin, toBorder(point)])} />
          <path className="pg-line" d={pathThrough([origin, point])} />
        </g>
      ))}
      {angle !== undefined && arc.length > 0 && (
        <>
          <path className="pg-area" d={pathThrough([origin, ...arc], 'closed')} />
          <path className="pg-line" d={pathThrough(arc)} />
        </>
      )}
      {at && angle !== undefined && (
        <text className="pg-note" x={at.x} y={-at.y + 0.15} textAnchor="middle">
          {angle.toFixed(1)}°
        </text>
      )}
    </g>
  );
}

/** Along the ray from the origin to where the plane ends. */
function toBorder({ x, y }: Point): Point {
  const reach = Math.max(Math.abs(x), Math.abs(y));
  return reach === 0 ? { x, y } : { x: (x * EXTENT) / reach, y: (y * EXTENT) / reach };
}

function Quadrants({ a, b }: Pair) {
  return (
    <g data-metric="hamming">
      {QUADRANTS.map(({ inside, corners }) => {
        const bits = bitsOf(inside).join('');
        const isHeld = [a, b].some((point) => bitsOf(point).join('') === bits);
        return (
          <g key={bits}>
            {isHeld && <path className="pg-area" d={pathThrough(corners, 'closed')} />}
            <text
              className="pg-note"
              x={inside.x * (EXTENT - 0.6)}
              y={-inside.y * (EXTENT - 0.6) + 0.2}
              textAnchor="middle"
            >
              {bits}
            </text>
          </g>
        );
      })}
      <path className="pg-cut" d={`M0 ${-EXTENT}V${EXTENT}M${-EXTENT} 0H${EXTENT}`} />
    </g>
  );
}

/** All points as far from A as a radius, and nearer ones. */
export function Ball(props: {
  readonly metric: PlaneMetric;
  readonly center: Point;
  readonly radius: number;
}) {
  const { metric, center, radius } = props;
  const d = ballOf(metric, center, radius)
    .map((outline) => pathThrough(outline, 'closed'))
    .join('');
  return <path className="pg-ball" data-metric={metric} d={d} />;
}
