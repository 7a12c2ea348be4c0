import { emptyPyramid, fillMeans, type Pyramid } from './pyramid.ts';
import { type DistanceRange, type Distances, placeOnScale, rangeOf, type Scale } from './scale.ts';

/**
 * What the cells above and below the diagonal show: one metric in both, a metric in each, or in both how much farther the upper
 * metric puts a pair than the lower one.
 */
export type Showing = 'one' | 'triangles' | 'difference';

export interface PictureRequest {
  readonly showing: Showing;
  readonly scale: Scale;
  readonly upper: Distances;
  /** The same items under the other metric; not looked at where one is shown. */
  readonly lower?: Distances | undefined;
  /** Which item stands at each place. */
  readonly order: Uint32Array;
}

/** A distance matrix ready to be drawn: what colors its bytes stand for is for `paletteOf`. */
export interface MatrixPicture extends Pyramid {
  /** `near` runs from the nearest pair (0) to the farthest (255); `difference` from −most (1) over 0 (128) to most (255). */
  readonly colors: 'near' | 'difference';
  readonly upper: DistanceRange;
  readonly lower: DistanceRange | undefined;
  /** The largest difference of places on the scale, 0 to 1; 0 where none is shown. */
  readonly most: number;
}

/** Puts the cells of a distance matrix in order and on their scale, 8 bits each: exact numbers stay in `Distances`. */
export function makePicture({ showing, scale, upper, lower = upper, order }: PictureRequest): MatrixPicture {
  const { count } = upper;
  const pyramid = emptyPyramid(count);
  const upperRange = rangeOf(upper);
  const lowerRange = showing === 'one' ? upperRange : rangeOf(lower);
  const placeUpper = placeOnScale(upper, upperRange, scale);
  const placeLower = showing === 'one' ? placeUpper : placeOnScale(lower, lowerRange, scale);
  let most = 0;
  if (showing === 'difference') {
    const differ = (at: number) => placeUpper(upper.values[at] ?? 0) - placeLower(lower.values[at] ?? 0);
    for (let row = 0; row < count; row++)
      for (let at = row * count + row + 1; at < (row + 1) * count; at++)
        most = Math.max(most, Math.abs(differ(at)));
    const factor = most > 0 ? 127 / most : 0;
    fillCells(pyramid, order, 128, (at) => 128 + Math.round(differ(at) * factor));
  } else {
    const above = (at: number) => Math.round(255 * placeUpper(upper.values[at] ?? 0));
    const below = (at: number) => Math.round(255 * placeLower(lower.values[at] ?? 0));
    fillCells(pyramid, order, 0, above, below);
  }
  fillMeans(pyramid);
  return {
    ...pyramid,
    colors: showing === 'difference' ? 'difference' : 'near',
    upper: upperRange,
    lower: showing === 'one' ? undefined : lowerRange,
    most,
  };
}

/** @param byteAt the byte of a pair by its place in the distances; an item and itself have `own` */
function fillCells(
  { bytes, count }: Pyramid,
  order: Uint32Array,
  own: number,
  byteAbove: (at: number) => number,
  byteBelow = byteAbove,
): void {
  for (let row = 0; row < count; row++) {
    const from = (order[row] ?? 0) * count;
    const start = row * count;
    for (let column = 0; column < row; column++)
      bytes[start + column] = byteBelow(from + (order[column] ?? 0));
    bytes[start + row] = own;
    for (let column = row + 1; column < count; column++)
      bytes[start + column] = byteAbove(from + (order[column] ?? 0));
  }
}
