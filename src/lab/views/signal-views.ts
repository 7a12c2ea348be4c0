import {
  image,
  mul,
  type Rank,
  range,
  reshape,
  type Tensor,
  type Tensor4D,
  tensor2d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Random } from '../../projection/random.ts';
import type { DrawnViews } from './draw-views.ts';

/** How a signal is hidden in part: time is cropped and stretched again, and a run of times and of bands is set to the mean. */
export interface MaskSettings {
  readonly bands: number;
  readonly times: number;
  /** Least part of the time that is kept, in (0, 1]. */
  readonly leastTime: number;
  /** Most bands and times that are hidden. */
  readonly mostBands: number;
  readonly mostTimes: number;
}

/**
 * SpecAugment (Park et al. 2019) without its warp, in its shares of the LibriSpeech double policy: 27 of 80 bands, 100 of about 1,000 times. The crop
 * keeps enough of the time for beats to stay nearer to their own speed than to the next.
 */
export const MASKED: Readonly<Record<'audio' | 'imu', MaskSettings>> = {
  audio: { bands: 32, times: 64, leastTime: 0.85, mostBands: 8, mostTimes: 8 },
  // Six channels are no neighbors of one another: none is hidden.
  imu: { bands: 1, times: 128, leastTime: 0.85, mostBands: 0, mostTimes: 16 },
};

/** What is done to each of n signals. */
export interface DrawnMasks {
  /** n × 4: as boxes of a picture whose columns are times. */
  readonly boxes: Float32Array<ArrayBuffer>;
  /** n × bands, 0 where hidden. */
  readonly bands: Float32Array<ArrayBuffer>;
  /** n × times. */
  readonly times: Float32Array<ArrayBuffer>;
}

/** Draws one view of each of n signals. */
export function drawMasks(random: Random, count: number, settings: MaskSettings): DrawnMasks {
  const { bands, times, leastTime, mostBands, mostTimes } = settings;
  const drawn = {
    boxes: new Float32Array(count * 4),
    bands: new Float32Array(count * bands).fill(1),
    times: new Float32Array(count * times).fill(1),
  };
  const hide = (mask: Float32Array, item: number, of: number, most: number): void => {
    const length = Math.floor(random() * (most + 1));
    const from = item * of + Math.floor(random() * (of - length + 1));
    mask.fill(0, from, from + length);
  };
  for (let item = 0; item < count; item++) {
    const kept = leastTime + (1 - leastTime) * random();
    const from = (1 - kept) * random();
    drawn.boxes.set([0, from, 1, from + kept], item * 4);
    hide(drawn.bands, item, bands, mostBands);
    hide(drawn.times, item, times, mostTimes);
  }
  return drawn;
}

/**
 * One view of each sound or motion.
 *
 * @param signals n × bands × times × channels, or n × times × channels; the mean is 0
 * @returns the same shape; there is no gradient to the signals
 */
export function maskSignals(signals: Tensor, { boxes, bands, times }: DrawnMasks): Tensor {
  const [count = 0] = signals.shape;
  const height = bands.length / count;
  const width = times.length / count;
  return tidy(() => {
    const pictures = reshape<Rank.R4>(signals, [count, height, width, -1]);
    const kept = mul(
      tensor4d(bands, [count, height, 1, 1]),
      mul(cropped(pictures, boxes), tensor4d(times, [count, 1, width, 1])),
    );
    return reshape(kept, signals.shape);
  });
}

/** One view of each map, by the crop and flip of a picture's view alone: n × side × side × channels. */
export function cropMaps(maps: Tensor4D, { boxes }: DrawnViews): Tensor4D {
  return tidy(() => cropped(maps, boxes));
}

function cropped(pictures: Tensor4D, boxes: Float32Array): Tensor4D {
  const [count, height, width] = pictures.shape;
  const each = range(0, count, 1, 'int32');
  return image.cropAndResize(pictures, tensor2d(boxes, [count, 4]), each, [height, width], 'bilinear');
}
