import { loadModelFiles } from '../../src/models/model-files.ts';
import { Weights } from '../../src/models/weights.ts';
import { OnnxGraph } from './onnx.ts';

const SIZE = 224;
// Blocks that halve the picture; the others of EfficientNet-Lite0 keep its size.
const HALVING: ReadonlySet<number> = new Set([1, 3, 5, 11]);
const BLOCKS = 16;

/** How pictures are brought to the network: (byte − mean) / deviation. */
export interface PictureScale {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The picture network of the embedded model with the weights that ship with the page, n × 3 × 224 × 224 to n × 1280 features and
 * n × 1000 probabilities.
 *
 * @param baseUrl folder of manifest.json, absolute
 */
export async function efficientNetOnnx(
  baseUrl: string,
  count: number,
): Promise<{ readonly file: Blob; readonly scale: PictureScale }> {
  const { manifest, contents } = await loadModelFiles(baseUrl);
  const weights = new Weights(contents.image, manifest.files.image.path);
  const { dimension, classes } = manifest.picture;
  const graph = new OnnxGraph();

  const convolve = (x: string, name: string, stride: number, isClipped: boolean) => {
    const shape = weights.shape(`${name}.weight`);
    const [height = 1, width = 1, channels = 1, out = 1] = shape.length === 4 ? shape : [1, 1, ...shape];
    // A depthwise filter has one output a channel.
    const [outputs, inputs] = out === 1 ? [channels, 1] : [out, channels];
    const filter = outputsFirst(weights.floats(`${name}.weight`, shape), height * width, inputs, outputs);
    const bias = graph.floats(weights.floats(`${name}.bias`, [outputs]), [outputs]);
    const y = graph.node('Conv', [x, graph.floats(filter, [outputs, inputs, height, width]), bias], {
      kernel_shape: [height, width],
      strides: [stride, stride],
      group: out === 1 ? channels : 1,
      auto_pad: 'SAME_UPPER',
    });
    return isClipped ? graph.node('Clip', [y, zero, six]) : y;
  };
  const zero = graph.floats(Float32Array.of(0), []);
  const six = graph.floats(Float32Array.of(6), []);

  let x = convolve(graph.input('pixel_values', 'float', [count, 3, SIZE, SIZE]), 'stem', 2, true);
  for (let at = 0; at < BLOCKS; at++) {
    const block = `block.${at}`;
    const stride = HALVING.has(at) ? 2 : 1;
    const wide = weights.has(`${block}.expand.weight`) ? convolve(x, `${block}.expand`, 1, true) : x;
    const narrow = convolve(convolve(wide, `${block}.depthwise`, stride, true), `${block}.project`, 1, false);
    x = stride === 1 && isAsWide(weights, block) ? graph.node('Add', [narrow, x]) : narrow;
  }
  const pooled = graph.node('GlobalAveragePool', [convolve(x, 'head', 1, true)]);
  graph.node('Reshape', [pooled, graph.integers([count, dimension])], {}, 'features');
  const logits = graph.node('Reshape', [
    convolve(pooled, 'classifier', 1, false),
    graph.integers([count, classes]),
  ]);
  graph.node('Softmax', [logits], { axis: -1 }, 'probabilities');
  graph.output('features', [count, dimension]);
  graph.output('probabilities', [count, classes]);
  return { file: graph.file(), scale: manifest.picture };
}

function isAsWide(weights: Weights, block: string): boolean {
  const first = weights.has(`${block}.expand.weight`) ? 'expand' : 'depthwise';
  return weights.shape(`${block}.${first}.weight`)[2] === weights.shape(`${block}.project.weight`)[3];
}

/** From pixels × inputs × outputs to outputs × inputs × pixels. */
function outputsFirst(
  filter: Float32Array,
  pixels: number,
  inputs: number,
  outputs: number,
): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(filter.length);
  let from = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++)
        turned[(output * inputs + input) * pixels + pixel] = filter[from++] ?? 0;
    }
  }
  return turned;
}
