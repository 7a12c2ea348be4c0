import { afterAll, beforeEach, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { recallTile } from '../../src/metrics/remembered-tiles.ts';
import { chooseTile, kernelCandidates } from '../../src/metrics/tuner.ts';
import { normalSet } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
beforeEach(() => localStorage.clear());

const { vendor, architecture, isFallback } = gpu.adapter;
const adapter = `${vendor} ${architecture} ${isFallback ? 'software' : 'hardware'}`;
const STORED = 'nearfield kernel choices 1';
const names = kernelCandidates(gpu).tried.map(({ name }) => name);

function choose(id: 'dot' | 'euclidean' | 'manhattan', storage: 'float32' | 'float16' = 'float32') {
  if (!gpu) throw new Error('no GPU');
  return chooseTile({ gpu, metric: catalogue[id], storage, kernel: 'auto' });
}

test('the first use measures, later ones keep to the choice, and metrics of products share it', async () => {
  const before = gpu.memory.live;
  const [one, same] = await Promise.all([choose('dot'), choose('dot')]);
  expect(names).toContain(one.name);
  expect(same).toBe(one);
  expect(gpu.memory.live).toEqual(before);
  expect(JSON.parse(localStorage.getItem(STORED) ?? '')).toEqual({
    [`${adapter} products float32`]: one.name,
  });
  localStorage.clear();
  expect((await choose('euclidean')).name).toBe(one.name);
  expect(localStorage.getItem(STORED)).toBeNull();
});

test('a stored choice is kept to; damaged ones are made again', async () => {
  const last = names.at(-1) ?? '';
  const key = `${adapter} products float16`;
  localStorage.setItem(STORED, JSON.stringify({ [key]: last }));
  expect((await choose('dot', 'float16')).name).toBe(last);
  for (const damaged of ['{', 'null', '[1]', '{"a":3}']) {
    localStorage.setItem(STORED, damaged);
    expect(recallTile(key)).toBeUndefined();
  }
  localStorage.setItem(STORED, JSON.stringify({ [`${adapter} manhattan float32`]: 'no such tile' }));
  expect(names).toContain((await choose('manhattan')).name);
});

test('a cancelled job does not wait for the trial', async () => {
  const signal = AbortSignal.abort(new DOMException('enough', 'AbortError'));
  const tunable = { gpu, metric: catalogue.hamming, storage: 'float32', kernel: 'auto' } as const;
  await expect(chooseTile(tunable, { signal })).rejects.toThrow('enough');
});

test('an unknown kernel is refused, and those that there are are named', async () => {
  const engine = createGpuEngine(gpu, { kernel: 'fastest' });
  await expect(engine.distances(normalSet(1, 20, 4), { metric: 'dot' })).rejects.toThrow(
    /There is no kernel "fastest" on this adapter; there are "auto", ".*quad 16×4"/,
  );
});
