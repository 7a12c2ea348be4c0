import type { Random } from '../../projection/random.ts';
import { colorMatrix, type Matrix3 } from './color-matrix.ts';
import { gaussianWeights } from './gaussian.ts';

/** Which changes a view may have. Every one that is off leaves the others as they would be with it. */
export interface ViewSettings {
  /** A part of the picture, stretched over the whole. */
  readonly crop: boolean;
  readonly flip: boolean;
  /** Brightness, contrast, saturation and hue. */
  readonly jitter: boolean;
  readonly gray: boolean;
  readonly blur: boolean;
  /** Least share of the area that a crop keeps, in (0, 1]. */
  readonly leastArea: number;
  /** Of the jitter; 1 is that of SimCLR on ImageNet, 0.5 on CIFAR-10. */
  readonly strength: number;
}

/**
 * SimCLR's views (Chen et al. 2020, appendix A) with the strength that it has on CIFAR-10 (appendix B.9). A crop keeps at least a fifth of the
 * area, not 0.08: scenes of the world show one thing, and of 48 pixels less would be nothing.
 */
export const VIEW_DEFAULTS: ViewSettings = {
  crop: true,
  flip: true,
  jitter: true,
  gray: true,
  blur: false,
  leastArea: 0.2,
  strength: 0.5,
};

/** What is done to each of n pictures. */
export interface DrawnViews {
  /** n × 4: top, left, bottom, right of what is kept, in parts of the picture. A flipped one has its right before its left. */
  readonly boxes: Float32Array<ArrayBuffer>;
  /** n: what the distance of each value from the picture's mean is multiplied by. */
  readonly contrast: Float32Array<ArrayBuffer>;
  /** n × 3 × 3: what a color, as a row, is multiplied with. */
  readonly colors: Float32Array<ArrayBuffer>;
  /** n × side × side: what the rows, and then the columns, of a picture are mixed by; absent where nothing is blurred. */
  readonly blurs: Float32Array<ArrayBuffer> | undefined;
}

// Of SimCLR: the share of views that a change is made to, and its range at strength 1.
const JITTERED = 0.8;
const GRAYED = 0.2;
const BLURRED = 0.5;
const COLOR_RANGE = 0.8;
const HUE_RANGE = 0.2;
// Of the side. SimCLR has 0.1 to 2 pixels of 224, which nobody would see in 48: there it is as many pixels.
const BLUR_RANGE = [0.1 / 48, 2 / 48] as const;
type Box = readonly [top: number, left: number, bottom: number, right: number];
const WHOLE: Box = [0, 0, 1, 1];

const ASPECT_RANGE = [3 / 4, 4 / 3] as const;

/** Draws one view of each of n square pictures of `side` pixels. */
export function drawViews(
  random: Random,
  count: number,
  side: number,
  settings: ViewSettings = VIEW_DEFAULTS,
): DrawnViews {
  const { crop, flip, jitter, gray, blur, leastArea, strength } = settings;
  if (!(leastArea > 0 && leastArea <= 1)) {
    throw new RangeError(`A crop keeps a share of the area above 0 and at most 1, not ${leastArea}.`);
  }
  if (!(strength >= 0 && strength <= 1)) {
    throw new RangeError(`The strength of the color jitter is between 0 and 1, not ${strength}.`);
  }
  const boxes = new Float32Array(count * 4);
  const contrast = new Float32Array(count).fill(1);
  const colors = new Float32Array(count * 9);
  const blurs = blur ? new Float32Array(count * side * side) : undefined;
  const between = (from: number, to: number) => from + (to - from) * random();
  // Everything is drawn whatever is on, so that two runs of one seed differ in what was switched and in nothing else.
  for (let item = 0; item < count; item++) {
    const box = drawCrop(between, leastArea);
    const [top, left, bottom, right] = crop ? box : WHOLE;
    const isFlipped = random() < 0.5 && flip;
    boxes.set(isFlipped ? [top, right, bottom, left] : [top, left, bottom, right], item * 4);

    const isJittered = random() < JITTERED && jitter;
    const range = COLOR_RANGE * strength;
    const [brightness, contrasted, saturation] = [0, 1, 2].map(() => between(1 - range, 1 + range));
    const hue = between(-HUE_RANGE, HUE_RANGE) * strength;
    const isGray = random() < GRAYED && gray;
    const jittered = { brightness: brightness ?? 1, saturation: saturation ?? 1, hue };
    const plain = { brightness: 1, saturation: 1, hue: 0 };
    const { saturation: kept, ...color } = isJittered ? jittered : plain;
    const matrix: Matrix3 = colorMatrix({ ...color, saturation: isGray ? 0 : kept });
    colors.set(matrix, item * 9);
    if (isJittered) contrast[item] = contrasted ?? 1;

    const isBlurred = random() < BLURRED;
    const deviation = between(...BLUR_RANGE) * side;
    blurs?.set(gaussianWeights(side, isBlurred ? deviation : 0), item * side * side);
  }
  return { boxes, contrast, colors, blurs };
}

/** A box of an area between the least and 1 and an aspect of 3/4 to 4/3, as torchvision's RandomResizedCrop draws it; what does not fit is cut to the picture. */
function drawCrop(between: (from: number, to: number) => number, leastArea: number): Box {
  const area = between(leastArea, 1);
  const aspect = Math.exp(between(Math.log(ASPECT_RANGE[0]), Math.log(ASPECT_RANGE[1])));
  const height = Math.min(1, Math.sqrt(area / aspect));
  const width = Math.min(1, Math.sqrt(area * aspect));
  const top = between(0, 1 - height);
  const left = between(0, 1 - width);
  return [top, left, top + height, left + width];
}
