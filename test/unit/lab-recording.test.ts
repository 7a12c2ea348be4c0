import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { measure } from '../../src/lab/probes/measure.ts';
import { recordedRuns } from '../../src/lab/recording/recorded-runs.ts';
import {
  type Recording,
  readRecording,
  UnfitRecording,
  writeRecording,
} from '../../src/lab/recording/recording.ts';
import { checkSettings } from '../../src/lab/training/check-settings.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';

const settings = { ...defaultsOf('simclr'), width: 3, steps: 2 };
const rowsOf = (values: number[]) => ({ image: { values: Float32Array.from(values), count: 2, width: 3 } });

async function record(): Promise<Recording> {
  const scenes = heldOutScenes(settings, 2);
  const frame = async (step: number, values: number[]) => {
    const rows = rowsOf(values);
    const report = await measure({ scenes, rows }, { trained: [] });
    return { step, rows, projections: {}, views: rowsOf(values.map((value) => value / 2)), report };
  };
  const numbers = {
    rate: 0.001,
    total: 1.23456789,
    terms: { attraction: -1, repulsion: 2 },
    weights: { attraction: 1, repulsion: 1 },
    learned: {},
  };
  return {
    settings,
    made: '2026-11-24, by a test',
    steps: [1, 2].map((step) => ({ step, ...numbers })),
    frames: [await frame(0, [1, -2, 3, 0, 0, 0]), await frame(2, [0.5, 0.25, 0, -1e-3, 2e-3, 1e-3])],
  };
}

test('a recording is read as it was written, its embeddings to a half step of int8', async () => {
  const made = await record();
  const read = await readRecording(await writeRecording(made), 'test');
  expect({ settings: read.settings, made: read.made }).toEqual({ settings, made: made.made });
  expect(read.steps.map(({ step, total }) => [step, total])).toEqual([
    [1, 1.235],
    [2, 1.235],
  ]);
  expect(read.frames.map(({ step }) => step)).toEqual([0, 2]);
  for (const [at, { report }] of read.frames.entries()) {
    const { split, spread } = made.frames[at]?.report ?? {};
    expect(report.split).toEqual(split);
    // Numbers to four digits, and typed arrays as such.
    expect(report.spread.image?.type).toBe('measured');
    if (report.spread.image?.type !== 'measured' || spread?.image?.type !== 'measured') continue;
    expect(report.spread.image.value.deviations).toBeInstanceOf(Float64Array);
    spread.image.value.deviations.forEach((value, i) => {
      expect(report.spread.image).toHaveProperty(['value', 'deviations', i], Number(value.toPrecision(4)));
    });
  }
  for (const [at, frame] of read.frames.entries()) {
    expect(Object.keys(frame.projections)).toEqual([]);
    for (const kind of ['rows', 'views'] as const) {
      const before = made.frames[at]?.[kind].image?.values ?? [];
      const after = frame[kind].image?.values ?? new Float32Array();
      for (let row = 0; row < 2; row++) {
        const own = [...before].slice(row * 3, row * 3 + 3);
        const half = Math.max(...own.map(Math.abs)) / 254;
        own.forEach((value, i) => {
          expect(Math.abs((after[row * 3 + i] ?? Number.NaN) - value)).toBeLessThanOrEqual(half * 1.001);
        });
      }
    }
  }
});

test('what is no recording is refused by name', async () => {
  await expect(readRecording(new Uint8Array(20), 'SimCLR')).rejects.toThrow(UnfitRecording);
  await expect(
    readRecording(new TextEncoder().encode('<!doctype html><html></html>'), 'SimCLR'),
  ).rejects.toThrow(/SimCLR cannot be played/);
});

test('every recorded run is there, whole, and of settings that a run can have', async () => {
  const manifest = JSON.parse(readFileSync('public/lab/manifest.json', 'utf8'));
  const files = readdirSync('public/lab').filter((name) => name.endsWith('.safetensors'));
  expect(files.sort()).toEqual(recordedRuns.map(({ id }) => `${id}.safetensors`).sort());
  for (const { id, settings: wanted } of recordedRuns) {
    const bytes = new Uint8Array(readFileSync(`public/lab/${id}.safetensors`));
    expect(manifest.files[`${id}.safetensors`]).toEqual({
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const { settings: found, frames, steps, made } = await readRecording(bytes, id);
    checkSettings(found);
    expect(found.recipe).toBe(wanted.recipe);
    expect(made).toMatch(/^20\d\d-\d\d-\d\d, /);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: found.steps }, (_, at) => at + 1));
    expect([frames[0]?.step, frames.at(-1)?.step]).toEqual([0, found.steps]);
    for (const { rows } of frames) expect(Object.keys(rows).sort()).toEqual([...found.modalities].sort());
  }
});
