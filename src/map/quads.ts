import { BufferAttribute, BufferGeometry, DynamicDrawUsage } from 'three/webgpu';

/** Numbers an item in each attribute; bytes are read as 0..1. */
type Layout = Readonly<Record<string, { readonly size: number; readonly bytes?: boolean }>>;

const CORNERS = [-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0];
const TRIANGLES = [0, 1, 2, 0, 2, 3];

/**
 * Squares from -1 to 1, one an item, each item's numbers repeated at its four corners. Instancing would say the same in
 * a quarter of the memory, but the software adapter starts a draw for every instance: 10,000 take it 25 µs each.
 */
export function quadGeometry(capacity: number, layout: Layout): BufferGeometry {
  const geometry = new BufferGeometry();
  const corners = new Float32Array(capacity * CORNERS.length);
  const triangles = new Uint32Array(capacity * TRIANGLES.length);
  for (let row = 0; row < capacity; row++) {
    corners.set(CORNERS, row * CORNERS.length);
    for (const [at, corner] of TRIANGLES.entries()) triangles[row * TRIANGLES.length + at] = row * 4 + corner;
  }
  geometry.setAttribute('position', new BufferAttribute(corners, 3));
  geometry.setIndex(new BufferAttribute(triangles, 1));
  for (const [name, { size, bytes = false }] of Object.entries(layout)) {
    const length = capacity * 4 * size;
    const values = new BufferAttribute(
      bytes ? new Uint8Array(length) : new Float32Array(length),
      size,
      bytes,
    );
    values.setUsage(DynamicDrawUsage);
    geometry.setAttribute(name, values);
  }
  return geometry;
}

/** Draws the first `count` items. */
export function drawFirst(geometry: BufferGeometry, count: number): void {
  geometry.setDrawRange(0, count * TRIANGLES.length);
}

/** Writes the first items' numbers (count × size) and has them uploaded. */
export function fill(geometry: BufferGeometry, name: string, values: ArrayLike<number>, count: number): void {
  const attribute = geometry.getAttribute(name);
  if (!(attribute instanceof BufferAttribute))
    throw new Error(`The map's geometry has no attribute ${name}.`);
  const { array, itemSize } = attribute;
  for (let row = 0; row < count; row++) {
    for (let part = 0; part < itemSize; part++) {
      const value = values[row * itemSize + part] ?? 0;
      const at = row * 4 * itemSize + part;
      array[at] = value;
      array[at + itemSize] = value;
      array[at + 2 * itemSize] = value;
      array[at + 3 * itemSize] = value;
    }
  }
  attribute.clearUpdateRanges();
  attribute.addUpdateRange(0, count * 4 * itemSize);
  attribute.needsUpdate = true;
}
