import {
  add,
  clipByValue,
  image,
  matMul,
  mean,
  mul,
  type Rank,
  range,
  reshape,
  sub,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { DrawnViews } from './draw-views.ts';

/**
 * One view of each picture, made on the backend: cropped, stretched and flipped, its colors changed, then blurred. torchvision draws the
 * order of the changes of color, too; here contrast comes first, and the others are one product.
 *
 * @param pictures n × side × side × 3, between 0 and 1
 * @returns the same shape and range; there is no gradient to the pictures
 */
export function augment(pictures: Tensor4D, views: DrawnViews): Tensor4D {
  const [count, side] = pictures.shape;
  return tidy(() => {
    const each = range(0, count, 1, 'int32');
    const boxes = tensor2d(views.boxes, [count, 4]);
    const cropped = image.cropAndResize(pictures, boxes, each, [side, side], 'bilinear');
    const contrast = reshape(tensor1d(views.contrast), [count, 1, 1, 1]);
    const middle = mean(cropped, [1, 2, 3], true);
    const contrasted = clipByValue(add(middle, mul(sub(cropped, middle), contrast)), 0, 1);
    const pixels = reshape<Rank.R3>(contrasted, [count, side * side, 3]);
    const colored = clipByValue(matMul(pixels, tensor3d(views.colors, [count, 3, 3])), 0, 1);
    if (!views.blurs) return reshape<Rank.R4>(colored, [count, side, side, 3]);
    const blurs = tensor3d(views.blurs, [count, side, side]);
    // Rows are mixed, the axes exchanged, and rows mixed again.
    const once = (x: Tensor4D): Tensor4D =>
      transpose(
        reshape<Rank.R4>(matMul(blurs, reshape<Rank.R3>(x, [count, side, side * 3])), [count, side, side, 3]),
        [0, 2, 1, 3],
      );
    return once(once(reshape<Rank.R4>(colored, [count, side, side, 3])));
  });
}
