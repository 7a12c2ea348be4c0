import { computeThresholds } from '../../metrics/thresholds.ts';
import { createRandom } from '../../projection/random.ts';
import { distance, PLANE_METRICS, type PlaneMetric, type Thresholds } from './measures.ts';
import { EXTENT, type Point } from './plane.ts';

/** Points to find neighbors among, from left to right, and the medians that cut them into bits. */
export interface Cloud {
  readonly points: readonly Point[];
  readonly thresholds: Thresholds;
}

export interface Neighbor {
  readonly index: number;
  readonly distance: number;
}

const COUNT = 24;
// Farther apart than two fingertips' targets on a phone overlap; 24 such points fit the plane several times over.
const APART = 1.5;
const MARGIN = 0.5;

/** Points spread over the plane; the same seed gives the same ones. */
export async function makeCloud(seed: number): Promise<Cloud> {
  const random = createRandom(seed);
  const points: Point[] = [];
  // Halves are exact in every float, so that equal distances are ties and not told apart by rounding.
  const coordinate = () => Math.round((2 * random() - 1) * (EXTENT - MARGIN) * 2) / 2 + 0;
  while (points.length < COUNT) {
    const point = { x: coordinate(), y: coordinate() };
    const isFree = points.every((other) => distance('euclidean', point, other) >= APART);
    if (isFree && distance('euclidean', point, { x: 0, y: 0 }) >= MARGIN) points.push(point);
  }
  points.sort((a, b) => a.x - b.x || a.y - b.y);
  const vectors = Float32Array.from(points.flatMap(({ x, y }) => [x, y]));
  const [x = 0, y = 0] = await computeThresholds({ vectors, dimension: 2 }, 'median');
  return { points, thresholds: { x, y } };
}

/** The k nearest of a point: by distance as the engines return it, in 32 bits, then by index. */
export function nearestOf(
  { points, thresholds }: Cloud,
  chosen: number,
  metric: PlaneMetric,
  k: number,
): readonly Neighbor[] {
  const from = points[chosen];
  if (!from) return [];
  return points
    .map((point, index) => ({ index, distance: Math.fround(distance(metric, from, point, thresholds)) }))
    .filter(({ index }) => index !== chosen)
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, k);
}

/** The point to begin with: one that has other k nearest under every metric, if there is one, and of those what they agree on least. */
export function mostContested(cloud: Cloud, k: number): number {
  const agreement = cloud.points.map((_, chosen) => {
    const lists = PLANE_METRICS.map(({ id }) => nearestOf(cloud, chosen, id, k).map(({ index }) => index));
    const shared = lists.flatMap((a, at) =>
      lists.slice(at + 1).map((b) => a.filter((index) => b.includes(index)).length),
    );
    // The same list twice weighs more than all that the other pairs can share.
    return shared.reduce((sum, count) => sum + (count === k ? shared.length * k : count), 0);
  });
  return agreement.indexOf(Math.min(...agreement));
}
