import '@tensorflow/tfjs';
import { concat, memory, setBackend, slice, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { countParameters } from '../../src/lab/encoders/encoder.ts';
import { encoderCases, run } from './lab-encoders-cases.ts';

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

describe.each(Object.entries(encoderCases))('%s', (name, given) => {
  test('a seed gives one network, and nothing is left behind', async () => {
    const before = memory().numTensors;
    const [first, again] = [await run(given), await run(given)];
    expect(again).toEqual(first);
    const other = given.make(4);
    const x = given.items();
    const rows = tidy(() => other.encode(x));
    expect(rows.shape).toEqual([3, 8]);
    expect([...(await rows.data())]).not.toEqual(first.rows);
    for (const made of [other, x, rows]) made.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test('an item has one embedding, whatever stands beside it', async () => {
    const encoder = given.make(1);
    const x = given.items();
    const some = slice(x, [1], [1]);
    const [all, alone, twice] = await Promise.all(
      [x, some, concat([some, some])].map((items) => encoder.encode(items).array()),
    );
    for (const row of [alone?.[0], twice?.[0], twice?.[1]])
      for (const [at, value] of (row ?? []).entries()) expect(value).toBeCloseTo(all?.[1]?.[at] ?? 0, 5);
    encoder.dispose();
  });

  test('gradients are the slopes of the loss', async () => {
    const { gradients } = await run(given);
    const encoder = given.make(3);
    expect(gradients).toHaveLength(countParameters(encoder));
    expect(gradients.every(Number.isFinite)).toBe(true);
    const loss = async () => {
      const rows = await encoder.encode(given.items()).data<'float32'>();
      return rows.reduce((sum, value) => sum + value ** 2, 0) / rows.length;
    };
    let from = 0;
    for (const { values, name: parameter } of encoder.parameters) {
      const steepest = gradients
        .slice(from, from + values.size)
        .reduce((best, value, at, all) => (Math.abs(value) > Math.abs(all[best] ?? 0) ? at : best), 0);
      const slope = gradients[from + steepest] ?? 0;
      from += values.size;
      const plain = await values.data<'float32'>();
      const at = async (change: number) => {
        const moved = Float32Array.from(plain);
        moved[steepest] = (moved[steepest] ?? 0) + change;
        const changed = tensor(moved, values.shape);
        values.assign(changed);
        return loss();
      };
      const step = 5e-4;
      const measured = ((await at(step)) - (await at(-step))) / (2 * step);
      await at(0);
      expect(Math.abs(measured - slope), `${name} ${parameter}`).toBeLessThan(0.02 * Math.abs(slope) + 1e-3);
    }
    encoder.dispose();
  });
});

test('what is not there in a caption leaves no trace', async () => {
  const encoder = encoderCases.text?.make(1);
  if (!encoder) throw new Error('no text encoder');
  const rows = encoder.encode(tensor([7, 8, 0, 0, 0, 0, 7, 8, 9, 0, 0, 0], [2, 6], 'int32'));
  const [short = [], long = []] = await rows.array();
  const wide = await encoder.encode(tensor([7, 8, 0, 0, 0, 0], [1, 6], 'int32')).array();
  expect(wide[0]).toEqual(short);
  expect(long).not.toEqual(short);
});
