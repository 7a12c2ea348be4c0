/**
 * EfficientNet-Lite0 (Tan and Le 2019, without squeeze-and-excite and with ReLU6), in tfjs ops, on whichever backend is set.
 * Batch norms are folded into the convolutions by tools/convert-models.py.
 */
import {
  add,
  fused,
  mean,
  reshape,
  softmax,
  type Tensor1D,
  type Tensor4D,
  tensor1d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { RgbaImage } from '../common/image.ts';
import type { Manifest } from './manifest.ts';
import type { Weights } from './weights.ts';

interface Layer {
  readonly filter: Tensor4D;
  readonly bias: Tensor1D;
}

interface Block {
  readonly expand: Layer | undefined;
  readonly depthwise: Layer;
  readonly project: Layer;
  readonly stride: 1 | 2;
  readonly skip: boolean;
}

interface Stage {
  readonly repeats: number;
  readonly kernel: 3 | 5;
  readonly stride: 1 | 2;
  readonly expansion: 1 | 6;
  readonly channels: number;
}

const STEM_CHANNELS = 32;
const STAGES: readonly Stage[] = [
  { repeats: 1, kernel: 3, stride: 1, expansion: 1, channels: 16 },
  { repeats: 2, kernel: 3, stride: 2, expansion: 6, channels: 24 },
  { repeats: 2, kernel: 5, stride: 2, expansion: 6, channels: 40 },
  { repeats: 3, kernel: 3, stride: 2, expansion: 6, channels: 80 },
  { repeats: 3, kernel: 5, stride: 1, expansion: 6, channels: 112 },
  { repeats: 4, kernel: 5, stride: 2, expansion: 6, channels: 192 },
  { repeats: 1, kernel: 3, stride: 1, expansion: 6, channels: 320 },
];

/** What the network says of a batch of n pictures. */
export interface PictureOutput {
  /** n × 1280: the last feature map, averaged over the picture. */
  readonly features: Float32Array;
  /** n × classes. */
  readonly probabilities: Float32Array;
}

export class EfficientNet {
  readonly #stem: Layer;
  readonly #blocks: readonly Block[];
  readonly #head: Layer;
  readonly #classifier: Layer;
  readonly #settings: Manifest['picture'];

  constructor(weights: Weights, settings: Manifest['picture']) {
    this.#settings = settings;
    this.#stem = readLayer(weights, 'stem', [3, 3, 3, STEM_CHANNELS]);
    const blocks: Block[] = [];
    let channels = STEM_CHANNELS;
    for (const stage of STAGES) {
      for (let repeat = 0; repeat < stage.repeats; repeat++) {
        const name = `block.${blocks.length}`;
        const wide = channels * stage.expansion;
        const stride = repeat === 0 ? stage.stride : 1;
        blocks.push({
          expand:
            stage.expansion === 1 ? undefined : readLayer(weights, `${name}.expand`, [1, 1, channels, wide]),
          depthwise: readLayer(weights, `${name}.depthwise`, [stage.kernel, stage.kernel, wide, 1]),
          project: readLayer(weights, `${name}.project`, [1, 1, wide, stage.channels]),
          stride,
          skip: stride === 1 && channels === stage.channels,
        });
        channels = stage.channels;
      }
    }
    this.#blocks = blocks;
    this.#head = readLayer(weights, 'head', [1, 1, channels, settings.dimension]);
    // A fully connected layer is a 1×1 convolution over a 1×1 picture.
    this.#classifier = readLayer(weights, 'classifier', [settings.dimension, settings.classes]);
  }

  /** @param pictures each `size` × `size`; transparent parts are seen on white */
  async run(pictures: readonly RgbaImage[]): Promise<PictureOutput> {
    const outputs = tidy(() => {
      const input = tensor4d(toInput(pictures, this.#settings), [
        pictures.length,
        this.#settings.size,
        this.#settings.size,
        3,
      ]);
      let x = replace(input, (pixels) => convolve(pixels, this.#stem, 2, true));
      for (const block of this.#blocks) x = replace(x, (maps) => runBlock(maps, block));
      x = convolve(x, this.#head, 1, true);
      const pooled = mean(x, [1, 2], true) as Tensor4D;
      const logits = convolve(pooled, this.#classifier, 1, false);
      return { features: pooled, probabilities: softmax(reshape(logits, [pictures.length, -1])) };
    });
    try {
      const [features, probabilities] = await Promise.all([
        outputs.features.data<'float32'>(),
        outputs.probabilities.data<'float32'>(),
      ]);
      return { features, probabilities };
    } finally {
      outputs.features.dispose();
      outputs.probabilities.dispose();
    }
  }

  dispose(): void {
    const layers = this.#blocks.flatMap(({ expand, depthwise, project }) => [expand, depthwise, project]);
    for (const layer of [this.#stem, ...layers, this.#head, this.#classifier]) {
      layer?.filter.dispose();
      layer?.bias.dispose();
    }
  }
}

function readLayer(weights: Weights, name: string, shape: readonly number[]): Layer {
  const [height = 1, width = 1, channels = 1, out = 1] = shape.length === 4 ? shape : [1, 1, ...shape];
  const values = weights.floats(`${name}.weight`, shape);
  // A depthwise filter has one output a channel.
  const outputs = out === 1 ? channels : out;
  return {
    filter: tensor4d(values, [height, width, channels, out]),
    bias: tensor1d(weights.floats(`${name}.bias`, [outputs])),
  };
}

function convolve(x: Tensor4D, { filter, bias }: Layer, strides: 1 | 2, clipped: boolean): Tensor4D {
  return fused.conv2d({ x, filter, bias, strides, pad: 'same', activation: clipped ? 'relu6' : 'linear' });
}

/** One step, after which only its output is left: all maps of a batch together would take eight times the largest. */
function replace(x: Tensor4D, step: (x: Tensor4D) => Tensor4D): Tensor4D {
  const output = tidy(() => step(x));
  x.dispose();
  return output;
}

function runBlock(input: Tensor4D, { expand, depthwise, project, stride, skip }: Block): Tensor4D {
  const wide = expand ? convolve(input, expand, 1, true) : input;
  const { filter, bias } = depthwise;
  const spread = fused.depthwiseConv2d({
    x: wide,
    filter,
    bias,
    strides: stride,
    pad: 'same',
    activation: 'relu6',
  });
  const narrow = convolve(spread, project, 1, false);
  return skip ? add(narrow, input) : narrow;
}

function toInput(
  pictures: readonly RgbaImage[],
  { size, mean, deviation }: Manifest['picture'],
): Float32Array {
  const pixels = size * size;
  const input = new Float32Array(pictures.length * pixels * 3);
  let to = 0;
  for (const [at, { data, width, height }] of pictures.entries()) {
    if (width !== size || height !== size || data.length !== pixels * 4) {
      throw new RangeError(`Picture ${at} is ${width}×${height} pixels; the model takes ${size}×${size}.`);
    }
    for (let from = 0; from < data.length; from += 4) {
      const alpha = (data[from + 3] ?? 255) / 255;
      const white = 255 * (1 - alpha) - mean;
      for (let channel = 0; channel < 3; channel++) {
        input[to++] = ((data[from + channel] ?? 0) * alpha + white) / deviation;
      }
    }
  }
  return input;
}
