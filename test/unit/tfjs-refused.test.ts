// tfjs models that cannot be run, and hostile ones: each is refused by name, says what it is, and leaves no tensor behind.
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { graph, json, layers, load, pointwise, refused } from './tfjs-fixtures.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

describe('what cannot be run is refused, saying what it is', () => {
  const node = (model: GraphJson, name: string) => model.modelTopology.node.find((one) => one.name === name);
  const change = (name: string, with_: object) => (model: GraphJson) => {
    Object.assign(node(model, name) ?? {}, with_);
  };
  const takes =
    (shape: number[], type = 'DT_FLOAT') =>
    (model: GraphJson) => {
      const attr = { dtype: { type }, shape: { shape: { dim: shape.map((size) => ({ size })) } } };
      change('image', { attr })(model);
      delete model.signature;
    };
  const cases: [string, (model: GraphJson) => void, RegExp][] = [
    [
      'tokens',
      takes([-1, 128], 'DT_INT32'),
      /it takes "image" \(int32 \[n, 128\]\). One input is needed that takes pictures/,
    ],
    ['texts', takes([-1], 'DT_STRING'), /it takes "image" \(string \[n\]\). One input/],
    ['channels first', takes([-1, 3, 224, 224]), /with its channels first. One input/],
    ['four channels', takes([-1, 16, 16, 4]), /it takes "image" \(float32 \[n, 16, 16, 4\]\)/],
    ['pictures without end', takes([-1, 1e9, 1e9, 3]), /it takes "image" \(float32 \[n, 1000000000,/],
    [
      'two inputs',
      (model) => {
        model.modelTopology.node.push({ name: 'mask', op: 'Placeholder', attr: node(model, 'image')?.attr });
        delete model.signature;
      },
      /it takes 2 things: "image" \(float32 \[n, 16, 16, 3\]\), "mask"/,
    ],
    [
      'an unknown operation',
      change('relu', { op: 'Frobnicate' }),
      /it has "Frobnicate", which tfjs does not know/,
    ],
    [
      'a loop',
      change('relu', { op: 'While' }),
      /depends on what it sees \(While, at "relu"\).*Name an earlier node/,
    ],
    [
      'a detector',
      change('relu', { op: 'NonMaxSuppressionV3' }),
      /depends on what it sees \(NonMaxSuppressionV3/,
    ],
    [
      'a loop of the older kind',
      (model) => {
        model.modelTopology.node.push({ name: 'next', op: 'NextIteration', input: ['relu'] });
        change('conv', { op: 'Merge', input: ['image', 'next'] })(model);
      },
      /depends on what it sees \(Merge, at "conv"\)/,
    ],
    ['a circle', change('conv', { input: ['relu', 'kernel'] }), /its graph goes in a circle \(at "\w+"\)/],
    [
      'a missing node',
      change('relu', { input: ['nowhere'] }),
      /its node "relu" reads from "nowhere", which is not there/,
    ],
    ['two nodes of one name', change('relu', { name: 'conv' }), /two nodes of its graph have one name/],
    ['shapes that do not fit', change('row', { input: ['dense', 'dense'] }), /it does not run \(/],
    [
      'one number',
      (model) => dropOutputs(model, 'axes'),
      /it gives "axes" \[2\] int32 for 2 pictures, and two or more numbers/,
    ],
    ['negative sizes', (model) => sizeOf(model, [-3, 3, 3, 6]), /"weightsManifest\.0\.weights\.0\.shape\.0"/],
    [
      'sizes without end',
      (model) => sizeOf(model, [1e9, 1e9, 1e9, 1e9]),
      /its weights would take 4\.00e\+27 GB/,
    ],
    [
      'sizes larger than its files',
      (model) => sizeOf(model, [1e4, 3, 3, 6]),
      /shard1of2.* to .*shard2of2\.bin have 1208 bytes, and model\.json says 2160560/,
    ],
    [
      'tables filled before it runs',
      (model) => Object.assign(model, { modelInitializer: { node: [] } }),
      /it fills tables before/,
    ],
    ['another format', (model) => Object.assign(model, { format: 'tflite' }), /its format is "tflite"/],
    [
      'a format that it is not',
      (model) => Object.assign(model, { format: 'layers-model' }),
      /its modelTopology is not that of a layers-model/,
    ],
    [
      'bytes without a scale',
      (model) => quantize(model, { dtype: 'uint8' }),
      /the weight "kernel" is uint8 without "min" and "scale"/,
    ],
    [
      'a type that is none',
      (model) => quantize(model, { dtype: 'int3' }),
      /"weightsManifest\.0\.weights\.0\.quantization\.dtype"/,
    ],
  ];
  test.each(cases)('%s', async (_, spoil, message) => {
    const files = await graph();
    const model: GraphJson = JSON.parse((await files.get('model.json')?.text()) ?? '');
    spoil(model);
    await refused(files.set('model.json', json(model)), message);
  });

  test.each([
    '../x',
    '/etc/passwd',
    'https://elsewhere.example/x',
    '//elsewhere.example/x',
    'a\\b',
    'a/../../b',
    '',
    'data:x',
    'config.json',
    'group1-shard2of2.bin',
  ])('weights in %j', async (path) => {
    const files = await graph();
    const model: GraphJson = JSON.parse((await files.get('model.json')?.text()) ?? '');
    for (const group of model.weightsManifest) group.paths[0] = path;
    await refused(files.set('model.json', json(model)), /it names ".*" (?:as a file of weights|twice)/);
  });

  test('an output that is no row a picture, but not the one beside it', async () => {
    const files = await graph();
    const model: GraphJson = JSON.parse((await files.get('model.json')?.text()) ?? '');
    change('Identity', { input: ['dense'] })(model);
    const network = await load(files.set('model.json', json(model)));
    // The classifier is left.
    expect(network.info.dimensions.joint).toBe(5);
    network.dispose();
  });

  test('a missing file of weights', async () => {
    const files = await graph();
    files.delete('group1-shard2of2.bin');
    await refused(files, /^group1-shard2of2\.bin is missing, a file of weights that/);
  });

  test('weights that are no numbers', async () => {
    await refused(
      pointwise({ kernel: Array(6).fill(Number.NaN) }),
      /its output "row" gives numbers that are no numbers/,
    );
  });

  test.each([
    ['{"a":', /model\.json .*it is not JSON/],
    ['[]', /it has no modelTopology and no weightsManifest, so it is not of tfjs/],
    [
      '{"class_name":"Sequential","config":{"layers":[]}}',
      /it is a Keras model’s description, without weights/,
    ],
    ['{"modelTopology":{}}', /it has a modelTopology and no weightsManifest/],
    [
      '{"modelTopology":{},"weightsManifest":[]}',
      /its modelTopology is not that of a graph model or a layers model/,
    ],
  ])('%s', async (text, message) => {
    await refused(new Map([['model.json', new Blob([text])]]), message);
  });

  const layerCases: [string, (text: string) => string, RegExp][] = [
    [
      'a layer without end',
      (text) => text.replace('"units":12', '"units":1e9'),
      /a layer of it has 1000000000 units, and all/,
    ],
    [
      'a negative layer',
      (text) => text.replace('"filters":6', '"filters":-6'),
      /a layer of it has -6 filters/,
    ],
    [
      'an unknown layer',
      (text) => text.replace('"class_name":"ReLU"', '"class_name":"Lambda"'),
      /it has "Lambda", which tfjs does/,
    ],
    [
      'layers in layers',
      (text) => text.replace('"units":12', `"x":${'['.repeat(5000)}${']'.repeat(5000)},"units":12`),
      /nested more than 64 deep/,
    ],
    [
      'weights that its input makes large',
      // 4.6 GB of weights.
      (text) =>
        text.replace(
          /"class_name":"GlobalAveragePooling2D","config":\{[^}]*\}/,
          '"class_name":"UpSampling2D","config":{"name":"up","size":[500,500]}},{"class_name":"Flatten","config":{"name":"pool"}',
        ),
      /its layer "row" asks for 96000000 × 12 values as "kernel", and all weights together have 264\./,
    ],
    [
      'an output without end',
      (text) =>
        text.replace(
          /"class_name":"ReLU","config":\{[^}]*\}/,
          '"class_name":"UpSampling2D","config":{"name":"up","size":[100000,100000]}',
        ),
      /its layer "up" makes 800000 × 800000 × 6 values of a picture, and 134217728 can be held/,
    ],
    [
      'copies without end',
      (text) =>
        text.replace(
          /("name":"row","trainable":true\}\})/,
          '$1,{"class_name":"RepeatVector","config":{"name":"copies","n":1000000000}}',
        ),
      /its layer "copies" makes 1000000000 × 12 values of a picture/,
    ],
    [
      'pictures without end at once',
      (text) => text.replace('"batch_input_shape":[null,', '"batch_input_shape":[1000000000,'),
      /it takes "\w+" \(float32 \[1000000000, 16, 16, 3\]\), more pictures at once than can be held/,
    ],
    [
      'weights of others',
      (text) => text.replaceAll('row/kernel', 'other/kernel'),
      /it does not run \(.*other\/kernel/,
    ],
  ];
  test.each(layerCases)('%s', async (_, spoil, message) => {
    const files = await layers();
    const text = (await files.get('model.json')?.text()) ?? '';
    expect(spoil(text)).not.toBe(text);
    // tfjs leaves behind what it made until it stopped; the worker ends then.
    await refused(files.set('model.json', new Blob([spoil(text)])), message, false);
  });
});

interface GraphJson {
  signature?: { outputs: object };
  modelTopology: { node: { name: string; op: string; input?: string[]; attr?: object | undefined }[] };
  weightsManifest: { paths: string[]; weights: { shape: number[]; quantization?: object }[] }[];
}

function dropOutputs(model: GraphJson, only: string): void {
  if (model.signature) model.signature.outputs = { [only]: { name: `${only}:0` } };
}

function sizeOf(model: GraphJson, shape: number[]): void {
  Object.assign(model.weightsManifest[0]?.weights[0] ?? {}, { shape });
}

function quantize(model: GraphJson, quantization: object): void {
  Object.assign(model.weightsManifest[0]?.weights[0] ?? {}, { quantization });
}
