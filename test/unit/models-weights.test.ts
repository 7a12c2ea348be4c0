// The embedded model's weights: what a file of another model is refused for. Hostile files are in safetensors.test.ts.
import { expect, test } from 'vitest';
import { type NewTensor, writeSafetensors } from '../../src/models/weights/write.ts';
import { Weights } from '../../src/models/weights.ts';

test('int8 columns are multiplied by their scales, rows left with theirs', async () => {
  const weights = await written(
    tensor('m.scale', 'F32', [2], new Float32Array([0.5, 2])),
    tensor('m.weight', 'I8', [2, 2], new Int8Array([1, 2, -3, 4])),
  );
  expect([...weights.dequantizedColumns('m', [2, 2])]).toEqual([0.5, 4, -1.5, 8]);
  const { values, scales } = weights.quantizedRows('m', [2, 2]);
  expect([[...values], [...scales]]).toEqual([
    [1, 2, -3, 4],
    [0.5, 2],
  ]);
});

test('another shape, type or a missing name is refused', async () => {
  const weights = await written(
    tensor('a', 'F32', [1], new Float32Array(1)),
    tensor('b', 'I32', [1], new Int32Array(1)),
  );
  const says = (what: string) => `x.safetensors cannot be used as weights: ${what}. Reload the page`;
  expect(() => weights.floats('a', [2])).toThrow(says('"a" is 1, not 2'));
  expect(() => weights.floats('c', [1])).toThrow(says('it has no "c"'));
  expect(() => weights.floats('b', [1])).toThrow(says('"b" is I32, not F32 or F16'));
  expect(() => weights.quantizedRows('b', [1, 1])).toThrow(says('it has no "b.weight"'));
  expect(() => new Weights(new ArrayBuffer(4), 'x.safetensors')).toThrow('it has 4 bytes, fewer than');
});

function tensor(
  name: string,
  dtype: NewTensor['dtype'],
  shape: readonly number[],
  { buffer }: { readonly buffer: ArrayBuffer },
): NewTensor {
  return { name, dtype, shape, bytes: async () => new Uint8Array(buffer) };
}

async function written(...tensors: NewTensor[]): Promise<Weights> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeSafetensors(tensors)) pieces.push(piece);
  return new Weights(await new Blob(pieces).arrayBuffer(), 'x.safetensors');
}
