import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { JointSpace } from '../../src/models/joint-space.ts';
import { manifestSchema } from '../../src/models/manifest.ts';
import { Weights } from '../../src/models/weights.ts';

const LABELS = ['cat', 'car', 'cup'];
const NO_FEATURES = new Float32Array(2);

/** Labels along the axes of a 3-d space; `drawn` maps two features into it. */
function space(
  settings: { top: number; power: number },
  { center = [0, 0, 0], drawn = [0, 0, 0, 0, 0, 0], bias = [0, 0, 0] } = {},
): JointSpace {
  const header = JSON.stringify({
    labels: { dtype: 'F32', shape: [3, 3], data_offsets: [0, 36] },
    center: { dtype: 'F32', shape: [3], data_offsets: [36, 48] },
    drawn: { dtype: 'F32', shape: [2, 3], data_offsets: [48, 72] },
    'drawn.bias': { dtype: 'F32', shape: [3], data_offsets: [72, 84] },
  });
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + 84);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  const tensors = new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, 1, ...center, ...drawn, ...bias]);
  bytes.set(new Uint8Array(tensors.buffer), 8 + text.length);
  return new JointSpace(new Weights(bytes.buffer, 'x'), LABELS, 2, { dimension: 3, ...settings });
}

describe('a picture', () => {
  test('lies between its labels, as near to each as it is probable', () => {
    const place = space({ top: 3, power: 1 }).ofPicture(new Float32Array([0.6, 0.3, 0.1]), NO_FEATURES);
    const length = Math.hypot(0.6, 0.3, 0.1);
    expect([...place].map((x) => x * length)).toEqual([
      expect.closeTo(0.6, 6),
      expect.closeTo(0.3, 6),
      expect.closeTo(0.1, 6),
    ]);
  });

  test('takes the most probable only, and powers of their probabilities', () => {
    const place = space({ top: 2, power: 0.5 }).ofPicture(new Float32Array([0.64, 0.04, 0.32]), NO_FEATURES);
    expect(place[1]).toBe(0);
    expect((place[0] ?? 0) / (place[2] ?? 1)).toBeCloseTo(Math.SQRT2, 5);
  });

  test('is moved by what its features say, and by their bias', () => {
    const learned = space({ top: 1, power: 1 }, { drawn: [0, 2, 0, 0, 0, 5], bias: [0, 0, -1] });
    // cat (1, 0, 0), and 1.5 · (0, 2, 0) + 0 · (0, 0, 5) + (0, 0, −1)
    const place = learned.ofPicture(new Float32Array([0.9, 0.1, 0]), new Float32Array([1.5, 0]));
    const length = Math.hypot(1, 3, 1);
    expect([...place].map((x) => x * length)).toEqual([
      expect.closeTo(1, 5),
      expect.closeTo(3, 5),
      expect.closeTo(-1, 5),
    ]);
    const other = learned.ofPicture(new Float32Array([0.9, 0.1, 0]), new Float32Array([0, 1]));
    expect((other[2] ?? 0) / (other[0] ?? 1)).toBeCloseTo(4, 5);
  });

  test('has guesses in order, ties by place', () => {
    const guesses = space({ top: 1, power: 1 }).guesses(new Float32Array([0.25, 0.5, 0.25]));
    expect(guesses).toEqual([
      { label: 'car', probability: 0.5 },
      { label: 'cat', probability: 0.25 },
      { label: 'cup', probability: 0.25 },
    ]);
  });
});

test('the center is taken off words and pictures alike', () => {
  const centered = space({ top: 1, power: 1 }, { center: [0.5, 0.5, 0] });
  const word = centered.ofText(new Float32Array([1, 0, 0]));
  expect([...word]).toEqual([expect.closeTo(Math.SQRT1_2, 6), expect.closeTo(-Math.SQRT1_2, 6), 0]);
  expect(centered.ofPicture(new Float32Array([1, 0, 0]), NO_FEATURES)).toEqual(word);
});

test('what lies on the center has no direction and stays zero', () => {
  expect([...space({ top: 1, power: 1 }, { center: [1, 0, 0] }).ofText(new Float32Array([1, 0, 0]))]).toEqual(
    [0, 0, 0],
  );
});

test('with the shipped weights, photographs lie nearer to the words of their own first guess than to those of another', async () => {
  const read = async (path: string) => Uint8Array.from(await readFile(path)).buffer;
  const { joint, files, picture } = manifestSchema.parse(
    JSON.parse(await readFile('public/models/manifest.json', 'utf8')),
  );
  const labels: string[] = Array.from({ length: picture.classes }, (_, i) => String(i));
  const weights = new Weights(await read(`public/models/${files.joint.path}`), files.joint.path);
  const reference = new Weights(await read('test/fixtures/models/reference.safetensors'), 'reference');
  const features = reference.floats('features', [4, picture.dimension]);
  const probabilities = reference.floats('probabilities', [4, picture.classes]);
  const shipped = new JointSpace(weights, labels, picture.dimension, joint);
  const rows = weights.floats('labels', [picture.classes, joint.dimension]);
  // Astronaut, coffee, cat.
  const own = [0, 1, 2].map((at) => probabilities.subarray(at * picture.classes, (at + 1) * picture.classes));
  const words = own.map((each) => {
    const first = Number(shipped.guesses(each)[0]?.label);
    return shipped.ofText(rows.slice(first * joint.dimension, (first + 1) * joint.dimension));
  });
  for (const [at, each] of own.entries()) {
    const place = shipped.ofPicture(
      each,
      features.slice(at * picture.dimension, (at + 1) * picture.dimension),
    );
    const cosines = words.map((word) => word.reduce((sum, value, i) => sum + value * (place[i] ?? 0), 0));
    expect(cosines.indexOf(Math.max(...cosines))).toBe(at);
  }
});
