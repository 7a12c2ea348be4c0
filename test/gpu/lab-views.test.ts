// Views on the backends that train in a browser, beside the cpu backend (test/unit/lab-views.test.ts).
import { env } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { startBackend } from '../../src/models/backend.ts';
import { viewed } from '../unit/lab-views-cases.ts';

const everything = { crop: true, flip: true, jitter: true, gray: true, blur: true };
await startBackend('cpu');
const expected = await viewed(everything);

describe.each(['wasm', 'webgpu'] as const)('on %s', (backend) => {
  beforeAll(async () => {
    await startBackend(backend, 1);
    if (backend === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
  });

  test('views are those of the cpu', async () => {
    const found = await viewed(everything);
    const off = found.map((value, at) => Math.abs(value - (expected[at] ?? Number.NaN)));
    expect(found).toHaveLength(expected.length);
    expect(off.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(2e-5);
  });
});
