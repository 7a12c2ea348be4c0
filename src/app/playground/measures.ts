import type { MetricId } from '../../metrics/engine.ts';
import { reference } from '../../metrics/reference.ts';
import { packBits } from '../../metrics/thresholds.ts';
import { METRICS } from '../metric-list.ts';
import type { Point } from './plane.ts';

/** The metrics that are distances; the dot product is none. */
export type PlaneMetric = Exclude<MetricId, 'dot'>;

const ORDER = ['euclidean', 'manhattan', 'cosine', 'hamming'] as const satisfies readonly PlaneMetric[];

/** What a person should see while playing, in a line. */
const NOTICES: Readonly<Record<PlaneMetric, string>> = {
  euclidean: 'The straight way. Turn the plane and it stays the same.',
  manhattan: 'Along the grid only: many ways, all equally long, never shorter than the straight one.',
  cosine: 'Only the direction from the origin counts. Move B along its own ray: nothing changes.',
  hamming: 'Only the side of each axis counts. Nothing changes until a point crosses one.',
};

/** Which points are the nearest, after "Nearest by …:". */
const NEIGHBOR_NOTICES: Readonly<Record<PlaneMetric, string>> = {
  euclidean: 'the points inside the circle.',
  manhattan:
    'the points inside the diamond. What lies straight beside or above is nearer than what lies aslant.',
  cosine: 'the points inside the cone, which have nearly the same direction from the origin, near or far.',
  hamming:
    'the two medians (dashed) leave only the distances 0, 1 and 2. Ties go to the lower number, so two bits order little.',
};

/** The four metrics of the playground, in the order they are taught. */
export const PLANE_METRICS = ORDER.map((id) => ({
  id,
  label: METRICS.find((metric) => metric.id === id)?.label ?? id,
  notice: NOTICES[id],
  neighborNotice: NEIGHBOR_NOTICES[id],
}));

export type MetricView = (typeof PLANE_METRICS)[number];

/** A threshold for x and one for y: what lies above is bit 1. */
export type Thresholds = Point;

const AXES: Thresholds = { x: 0, y: 0 };

/** The point as two bits, as Hamming of real vectors cuts them. */
export function bitsOf({ x, y }: Point, thresholds: Thresholds = AXES): readonly [number, number] {
  const word = new Uint32Array(1);
  packBits(
    { vectors: Float32Array.of(x, y), dimension: 2 },
    0,
    Float64Array.of(thresholds.x, thresholds.y),
    word,
    0,
  );
  const bits = word[0] ?? 0;
  return [bits & 1, bits >> 1];
}

/** The distance of two points by the definitions of docs/metrics.md. */
export function distance(metric: PlaneMetric, a: Point, b: Point, thresholds: Thresholds = AXES): number {
  if (metric === 'hamming') return reference.hamming(bitsOf(a, thresholds), bitsOf(b, thresholds));
  return reference[metric]([a.x, a.y], [b.x, b.y]);
}
