// Makes test/fixtures/tfjs: tiny networks as tfjs keeps them, and what plain loops in float64 make of three pictures.
//   node tools/make-tfjs-fixtures.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import { io, tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';

const SIDE = 16;
const FILTERS = 6;
const DIMENSION = 12;
const CLASSES = 5;
const FOLDER = 'test/fixtures/tfjs';

const random = generator(20261123);
const drawn = (count, size) => Float32Array.from({ length: count }, () => (random() * 2 - 1) * size);
const kernel = drawn(3 * 3 * 3 * FILTERS, 0.5);
// A zero among the first bytes, so that git takes the file for what it is and not for text.
kernel[0] = 0;
const bias = drawn(FILTERS, 0.2);
const dense = drawn(FILTERS * DIMENSION, 0.8);
const head = drawn(DIMENSION * CLASSES, 0.8);
const norm = {
  gamma: Float32Array.from(drawn(FILTERS, 0.3), (x) => 1 + x),
  beta: drawn(FILTERS, 0.3),
  mean: drawn(FILTERS, 0.1),
  variance: Float32Array.from(drawn(FILTERS, 0.3), (x) => 1 + x),
};
const EPSILON = 0.001;

/** RGB bytes, row-major. */
const pictures = Array.from({ length: 3 }, () =>
  Array.from({ length: SIDE * SIDE * 3 }, () => Math.floor(random() * 256)),
);

await makeLayers();
makeGraph('graph', { kernel, dense });
makeQuantized();
write('expected.json', {
  side: SIDE,
  pictures,
  layers: pictures.map((bytes) => unit(forward(bytes, { kernel, dense, norm }))),
  graph: pictures.map((bytes) => unit(forward(bytes, { kernel, dense }))),
  graphMap: pictures.map((bytes) => unit(meanMap(bytes, { kernel }))),
  graphCentered: pictures.map((bytes) =>
    unit(forward(bytes, { kernel, dense, scale: (x) => x / 127.5 - 1 })),
  ),
});

/** A layers model, saved by tfjs itself. */
async function makeLayers() {
  const model = sequential({
    name: 'tiny',
    layers: [
      layers.conv2d({
        name: 'conv',
        inputShape: [SIDE, SIDE, 3],
        filters: FILTERS,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
      }),
      layers.batchNormalization({ name: 'norm', epsilon: EPSILON }),
      layers.reLU({ name: 'relu' }),
      layers.globalAveragePooling2d({ name: 'pool' }),
      layers.dense({ name: 'row', units: DIMENSION, useBias: false }),
    ],
  });
  model.getLayer('conv').setWeights([tensor(kernel, [3, 3, 3, FILTERS]), tensor(bias)]);
  model
    .getLayer('norm')
    .setWeights([norm.gamma, norm.beta, norm.mean, norm.variance].map((one) => tensor(one)));
  model.getLayer('row').setWeights([tensor(dense, [FILTERS, DIMENSION])]);
  await model.save(
    io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const manifest = [{ paths: ['./weights.bin'], weights: weightSpecs }];
      // As tfjs's own downloads of a model have it.
      write('layers/model.json', {
        modelTopology,
        format: 'layers-model',
        generatedBy: 'TensorFlow.js tfjs-layers v4.22.0',
        convertedBy: null,
        weightsManifest: manifest,
      });
      write('layers/weights.bin', new Uint8Array(io.CompositeArrayBuffer.join(weightData)));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
}

/** A graph model as the converter writes it, in two files whose border lies within a weight, with a classifier as its last output. */
function makeGraph(folder, { kernel, dense }) {
  const weights = [
    ['kernel', [3, 3, 3, FILTERS], kernel],
    ['bias', [FILTERS], bias],
    ['axes', [2], Int32Array.of(1, 2)],
    ['dense', [FILTERS, DIMENSION], dense],
    ['head', [DIMENSION, CLASSES], head],
  ].map(([name, shape, values]) => ({
    name,
    shape,
    dtype: values instanceof Int32Array ? 'int32' : 'float32',
    bytes: new Uint8Array(values.buffer),
  }));
  writeGraph(folder, weights, 2);
}

/** The same with its weights in bytes and halves; what they stand for is nearly the same, and so are the embeddings. */
function makeQuantized() {
  const min = Math.min(...kernel);
  const scale = (Math.max(...kernel) - min) / 255;
  const weights = [
    {
      name: 'kernel',
      shape: [3, 3, 3, FILTERS],
      dtype: 'float32',
      quantization: { dtype: 'uint8', min, scale, original_dtype: 'float32' },
      bytes: Uint8Array.from(kernel, (x) => Math.round((x - min) / scale)),
    },
    { name: 'bias', shape: [FILTERS], dtype: 'float32', bytes: new Uint8Array(bias.buffer) },
    { name: 'axes', shape: [2], dtype: 'int32', bytes: new Uint8Array(Int32Array.of(1, 2).buffer) },
    {
      name: 'dense',
      shape: [FILTERS, DIMENSION],
      dtype: 'float32',
      quantization: { dtype: 'float16', original_dtype: 'float32' },
      bytes: new Uint8Array(Uint16Array.from(dense, half).buffer),
    },
    { name: 'head', shape: [DIMENSION, CLASSES], dtype: 'float32', bytes: new Uint8Array(head.buffer) },
  ];
  writeGraph('quantized', weights, 1);
}

function writeGraph(folder, weights, shards) {
  const all = new Uint8Array(weights.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of weights) {
    all.set(bytes, at);
    at += bytes.length;
  }
  const paths = Array.from({ length: shards }, (_, i) => `group1-shard${i + 1}of${shards}.bin`);
  const step = Math.ceil(all.length / shards / 4) * 4 + (shards > 1 ? 2 : 0);
  for (const [i, path] of paths.entries()) write(`${folder}/${path}`, all.subarray(i * step, (i + 1) * step));
  const node = (name, op, input = [], attr = {}) => ({
    name,
    op,
    input,
    attr: { T: { type: 'DT_FLOAT' }, ...attr },
  });
  const shape = (...sides) => ({ dim: sides.map((size) => ({ size: String(size) })) });
  const constants = weights.map(({ name, dtype, shape: sides }) => ({
    name,
    op: 'Const',
    attr: {
      dtype: { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' },
      value: { tensor: { dtype: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT', tensorShape: shape(...sides) } },
    },
  }));
  const plain = { transpose_a: { b: false }, transpose_b: { b: false } };
  const text = (value) => ({ s: Buffer.from(value).toString('base64') });
  write(`${folder}/model.json`, {
    format: 'graph-model',
    generatedBy: '2.18.0',
    convertedBy: 'TensorFlow.js Converter v4.22.0',
    signature: {
      inputs: { image: { name: 'image:0', dtype: 'DT_FLOAT', tensorShape: shape(-1, SIDE, SIDE, 3) } },
      outputs: {
        embedding: { name: 'Identity:0', dtype: 'DT_FLOAT', tensorShape: shape(-1, DIMENSION) },
        logits: { name: 'Identity_1:0', dtype: 'DT_FLOAT', tensorShape: shape(-1, CLASSES) },
      },
    },
    modelTopology: {
      node: [
        node('image', 'Placeholder', [], {
          dtype: { type: 'DT_FLOAT' },
          shape: { shape: shape(-1, SIDE, SIDE, 3) },
        }),
        ...constants,
        node('conv', 'Conv2D', ['image', 'kernel'], {
          strides: { list: { i: ['1', '2', '2', '1'] } },
          dilations: { list: { i: ['1', '1', '1', '1'] } },
          padding: text('SAME'),
          data_format: text('NHWC'),
        }),
        node('biased', 'BiasAdd', ['conv', 'bias'], { data_format: text('NHWC') }),
        node('relu', 'Relu', ['biased']),
        node('mean', 'Mean', ['relu', 'axes'], { keep_dims: { b: false }, Tidx: { type: 'DT_INT32' } }),
        node('row', 'MatMul', ['mean', 'dense'], plain),
        node('Identity', 'Identity', ['row']),
        node('classes', 'MatMul', ['row', 'head'], plain),
        node('Identity_1', 'Softmax', ['classes']),
      ],
      versions: { producer: 1994, minConsumer: 12 },
    },
    weightsManifest: [
      {
        paths,
        weights: weights.map(({ name, shape, dtype, quantization }) => ({
          name,
          shape,
          dtype,
          quantization,
        })),
      },
    ],
  });
}

/** The map after the first layer's ReLU, averaged: SAME padding of a 3 × 3 kernel at stride 2 pads below and to the right only. */
function meanMap(bytes, { kernel, norm, scale = (x) => x / 255 }) {
  const out = SIDE / 2;
  const sums = new Float64Array(FILTERS);
  for (let y = 0; y < out; y++) {
    for (let x = 0; x < out; x++) {
      for (let filter = 0; filter < FILTERS; filter++) {
        let sum = bias[filter];
        for (let dy = 0; dy < 3; dy++) {
          for (let dx = 0; dx < 3; dx++) {
            const [row, column] = [y * 2 + dy, x * 2 + dx];
            if (row >= SIDE || column >= SIDE) continue;
            for (let channel = 0; channel < 3; channel++) {
              const pixel = scale(bytes[(row * SIDE + column) * 3 + channel]);
              sum += pixel * kernel[((dy * 3 + dx) * 3 + channel) * FILTERS + filter];
            }
          }
        }
        if (norm) {
          const { gamma, beta, mean, variance } = norm;
          sum = ((sum - mean[filter]) / Math.sqrt(variance[filter] + EPSILON)) * gamma[filter] + beta[filter];
        }
        sums[filter] += Math.max(0, sum);
      }
    }
  }
  return Array.from(sums, (sum) => sum / out ** 2);
}

function forward(bytes, { dense, ...first }) {
  const means = meanMap(bytes, first);
  return Array.from({ length: DIMENSION }, (_, d) =>
    means.reduce((sum, mean, filter) => sum + mean * dense[filter * DIMENSION + d], 0),
  );
}

function unit(row) {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

/** The nearest 16-bit float, for values that are normal ones in it. */
function half(value) {
  if (Math.abs(value) < 2 ** -14) return value < 0 ? 0x8000 : 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
  return (value < 0 ? 0x8000 : 0) + ((exponent + 15) << 10) + fraction;
}

/** Mulberry32 (Tommy Ettinger, public domain): 0 ≤ x < 1. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function write(path, content) {
  const whole = `${FOLDER}/${path}`;
  mkdirSync(whole.slice(0, whole.lastIndexOf('/')), { recursive: true });
  writeFileSync(whole, content instanceof Uint8Array ? content : `${JSON.stringify(content)}\n`);
}
