import { OnnxGraph } from './onnx.ts';
import { DIMENSION, PATCH, PLACES, type RandomTensor, SIZE, VISION } from './random-clip.ts';

const EPSILON = 1e-5;
const QUICK_SLOPE = 1.702;

/**
 * The picture tower of a CLIP as transformers.js asks for it, n × 3 × 224 × 224 to n × 512. Every size is fixed, layer norms are one
 * operator, and the scale of attention lies in the weights: the plainest form there is, for ONNX Runtime to make the best of.
 */
export function visionOnnx(tensors: ReadonlyMap<string, RandomTensor>, count: number): Blob {
  const { width, layers, heads } = VISION;
  const graph = new OnnxGraph();
  const values = (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`There is no ${name}.`);
    return tensor.values;
  };
  const vector = (name: string) => graph.floats(values(name), [values(name).length]);
  const linear = (x: string, prefix: string, inputs: number, outputs: number, scale = 1) => {
    const weight = graph.floats(turned(values(`${prefix}.weight`), inputs, outputs, scale), [
      inputs,
      outputs,
    ]);
    const bias = graph.floats(
      Float32Array.from(values(`${prefix}.bias`), (value) => value * scale),
      [outputs],
    );
    return graph.node('Add', [graph.node('MatMul', [x, weight]), bias]);
  };
  const norm = (x: string, prefix: string) =>
    graph.node('LayerNormalization', [x, vector(`${prefix}.weight`), vector(`${prefix}.bias`)], {
      axis: -1,
      epsilon: { float: EPSILON },
    });
  const reshape = (x: string, ...shape: number[]) => graph.node('Reshape', [x, graph.integers(shape)]);
  const transpose = (x: string, perm: number[]) => graph.node('Transpose', [x], { perm });

  const embeddings = 'vision_model.embeddings';
  const pixels = graph.input('pixel_values', 'float', [count, 3, SIZE, SIZE]);
  const filters = graph.floats(values(`${embeddings}.patch_embedding.weight`), [width, 3, PATCH, PATCH]);
  const map = graph.node('Conv', [pixels, filters], {
    kernel_shape: [PATCH, PATCH],
    strides: [PATCH, PATCH],
  });
  const patches = transpose(reshape(map, count, width, PLACES - 1), [0, 2, 1]);
  const first = new Float32Array(count * width);
  for (let row = 0; row < count; row++) first.set(values(`${embeddings}.class_embedding`), row * width);
  const tokens = graph.node('Concat', [graph.floats(first, [count, 1, width]), patches], { axis: 1 });
  const positions = graph.floats(values(`${embeddings}.position_embedding.weight`), [1, PLACES, width]);
  let x = norm(graph.node('Add', [tokens, positions]), 'vision_model.pre_layrnorm');

  const perHead = width / heads;
  for (let at = 0; at < layers; at++) {
    const layer = `vision_model.encoder.layers.${at}`;
    const calm = norm(x, `${layer}.layer_norm1`);
    const part = (name: string, order: number[], scale?: number) => {
      const projected = linear(calm, `${layer}.self_attn.${name}_proj`, width, width, scale);
      return transpose(reshape(projected, count, PLACES, heads, perHead), order);
    };
    const scores = graph.node('MatMul', [part('q', [0, 2, 1, 3], perHead ** -0.5), part('k', [0, 2, 3, 1])]);
    const shares = graph.node('Softmax', [scores], { axis: -1 });
    const mixed = transpose(graph.node('MatMul', [shares, part('v', [0, 2, 1, 3])]), [0, 2, 1, 3]);
    const merged = linear(reshape(mixed, count, PLACES, width), `${layer}.self_attn.out_proj`, width, width);
    x = graph.node('Add', [x, merged]);
    const wide = linear(norm(x, `${layer}.layer_norm2`), `${layer}.mlp.fc1`, width, 4 * width);
    const steep = graph.node('Mul', [wide, graph.floats(Float32Array.of(QUICK_SLOPE), [1])]);
    const active = graph.node('Mul', [wide, graph.node('Sigmoid', [steep])]);
    x = graph.node('Add', [x, linear(active, `${layer}.mlp.fc2`, 4 * width, width)]);
  }
  const read = reshape(graph.node('Gather', [x, graph.integers([0])], { axis: 1 }), count, width);
  const projection = graph.floats(turned(values('visual_projection.weight'), width, DIMENSION), [
    width,
    DIMENSION,
  ]);
  graph.node('MatMul', [norm(read, 'vision_model.post_layernorm'), projection], {}, 'image_embeds');
  graph.output('image_embeds', [count, DIMENSION]);
  return graph.file();
}

/** From outputs × inputs, as PyTorch keeps linear layers, to inputs × outputs. */
function turned(rows: Float32Array, inputs: number, outputs: number, scale = 1): Float32Array<ArrayBuffer> {
  const out = new Float32Array(rows.length);
  for (let row = 0; row < outputs; row++) {
    for (let i = 0; i < inputs; i++) out[i * outputs + row] = (rows[row * inputs + i] ?? 0) * scale;
  }
  return out;
}
