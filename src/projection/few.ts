import { MAP_RADIUS } from './frame.ts';

/**
 * Places up to four items, or items without any neighbor, by hand: one in the center, then a pair, a triangle, a
 * square (in space a tetrahedron), and evenly over a disc or a ball beyond.
 *
 * @returns n × dimensions, row-major
 */
export function placeFew(n: number, dimensions: 2 | 3): Float32Array<ArrayBuffer> {
  if (n <= 1) return new Float32Array(n * dimensions);
  const r = MAP_RADIUS;
  if (n === 4 && dimensions === 3) return Float32Array.of(r, r, r, r, -r, -r, -r, r, -r, -r, -r, r);
  const golden = Math.PI * (3 - Math.sqrt(5));
  const points = Array.from({ length: n }, (_, i) => {
    const angle = n <= 4 ? (2 * Math.PI * i) / n : golden * i;
    const height = n <= 4 || dimensions === 2 ? 0 : 1 - (2 * i + 1) / n;
    const around = Math.sqrt(1 - height * height);
    // The n-th root spreads the points evenly over the area; in space they lie on the sphere.
    const radius = r * (n <= 4 || dimensions === 3 ? 1 : Math.sqrt((i + 0.5) / n));
    const flat = [radius * around * Math.cos(angle), radius * around * Math.sin(angle)];
    return dimensions === 2 ? flat : [...flat, radius * height];
  });
  return Float32Array.from(points.flat());
}
