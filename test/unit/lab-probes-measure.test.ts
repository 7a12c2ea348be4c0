// All probes of a snapshot: what is in the report, when, and what stands in it where nothing can be measured.
import { describe, expect, test } from 'vitest';
import { measure } from '../../src/lab/probes/measure.ts';
import type { Probed, ProbeReport, ProbeSnapshot } from '../../src/lab/probes/report.ts';
import type { Rows } from '../../src/lab/training/learner.ts';
import { FACTORS, LEVELS, type Modality, SHOWS } from '../../src/lab/world/factors.ts';
import { levelNumber, scenesAt } from '../../src/lab/world/scene.ts';
import { createRandom, gaussian } from '../../src/projection/random.ts';
import { makeRows } from './lab-probes-cases.ts';

const scenes = scenesAt(11, 0, 240);
const WIDTH = FACTORS.reduce((sum, factor) => sum + LEVELS[factor].length, 0);
const COLUMNS = FACTORS.flatMap((factor) => LEVELS[factor].map((_, level) => ({ factor, level })));

/** Embeddings that know the levels of all that a modality shows, with some noise. */
function knowing(modality: Modality, seed: number): Rows {
  const random = createRandom(seed);
  return makeRows(scenes.length, WIDTH, (item, column) => {
    const of = COLUMNS[column];
    const scene = scenes[item];
    if (!of || !scene) return 0;
    const isSo = SHOWS[modality].includes(of.factor) && levelNumber(scene.levels, of.factor) === of.level;
    return (isSo ? 1 : 0) + 0.05 * gaussian(random);
  });
}

const snapshot: ProbeSnapshot = {
  scenes,
  rows: {
    audio: knowing('audio', 1),
    image: knowing('image', 2),
    thermal: knowing('thermal', 3),
    imu: knowing('imu', 4),
  },
};
const trained = [
  ['image', 'audio'],
  ['image', 'thermal'],
  ['image', 'imu'],
] as const;

function measured<T>(probed: Probed<T> | undefined): T {
  if (probed?.type !== 'measured') throw new Error(probed?.reason ?? 'Not measured.');
  return probed.value;
}

describe('a report', () => {
  test('tells each factor where it is shown, and not where it is hidden', async () => {
    const report = await measure(snapshot, { trained });
    expect(report.split).toEqual({ train: 120, test: 120 });
    for (const modality of ['image', 'audio', 'thermal', 'imu'] as const) {
      for (const probe of [report.knn, report.linear]) {
        const accuracies = measured(probe[modality]);
        expect(Object.keys(accuracies)).toEqual(FACTORS);
        for (const factor of FACTORS) {
          const { value, chance, standardError } = accuracies[factor] ?? {
            value: -1,
            chance: 0,
            standardError: 0,
          };
          if (!SHOWS[modality].includes(factor)) expect(value).toBeLessThan(chance + 4 * standardError);
          else if (probe === report.linear) expect(value).toBeGreaterThan(0.98);
          else expect(value).toBeGreaterThan(chance);
        }
      }
    }
  });

  test('has every ordered pair once, with its mark and what levels allow', async () => {
    const { retrieval, pairs } = await measure(snapshot, { trained, soughtAmong: 100 });
    expect(retrieval).toHaveLength(12);
    const between = (from: Modality, to: Modality) =>
      retrieval.find((each) => each.from === from && each.to === to);
    expect(between('image', 'audio')).toMatchObject({ mark: 'trained', factors: ['shape', 'size', 'speed'] });
    expect(between('imu', 'audio')).toMatchObject({ mark: 'emergent', factors: ['speed'] });
    expect(between('thermal', 'imu')).toMatchObject({ mark: 'unrelated', factors: [] });
    const [one, five] = measured(between('thermal', 'imu')?.recalls);
    expect(one).toMatchObject({ k: 1, n: 100, chance: 0.01, byLevels: 0.01 });
    expect(five).toMatchObject({ k: 5, chance: 0.05, byLevels: 0.05 });
    const trainedRecall = measured(between('audio', 'image')?.recalls)[1];
    expect(trainedRecall?.value).toBeGreaterThan(5 * (trainedRecall?.chance ?? 1));
    expect(pairs).toHaveLength(6);
    expect(pairs.filter(({ correlation }) => correlation)).toHaveLength(3);
  });

  test('compares projections and views where there are some, and reads parts of them', async () => {
    const all = knowing('image', 5);
    // The first 30 dimensions know the levels, the others are noise.
    const random = createRandom(9);
    const projection = makeRows(240, 40, (i, c) =>
      c < 30 ? (all.values[i * WIDTH + c] ?? 0) : gaussian(random),
    );
    const image = snapshot.rows.image;
    if (!image) throw new Error('No images.');
    const { pairs, parts, spread, projectionSpread, uniformity } = await measure(
      { scenes, rows: { image }, projections: { image: projection }, views: { image: projection } },
      { trained: [], common: 30 },
    );
    expect(pairs).toHaveLength(1);
    expect(measured(pairs[0]?.alignment).value).toBe(0);
    expect(measured(pairs[0]?.correlation).blocks.common).toMatchObject({ dimensions: 30 });
    expect(measured(pairs[0]?.similarities).n).toBe(64);
    expect(measured(spread.image).deviations).toHaveLength(WIDTH);
    expect(measured(projectionSpread.image).deviations).toHaveLength(40);
    expect(measured(uniformity.image).value).toBeLessThan(0);
    const shape = (of: 'common' | 'unique') => measured(parts.image?.[of]).shape;
    expect(shape('common')?.value).toBeGreaterThan(0.95);
    expect(shape('unique')?.value).toBeLessThan(0.3);
    const whole = await measure({ scenes, rows: { image } }, { trained: [], common: WIDTH });
    expect(whole.parts.image?.unique).toEqual({ type: 'unfit', reason: 'There are no such dimensions.' });
  });

  test('grows probe by probe, the cheap ones first', async () => {
    const seen: ProbeReport[] = [];
    const last = await measure(snapshot, { trained }, { onReport: (report) => seen.push(report) });
    expect(Object.keys(seen[0]?.spread ?? {})).toEqual(['image']);
    const at = (key: 'spread' | 'uniformity' | 'knn' | 'linear') =>
      seen.findIndex((report) => Object.keys(report[key]).length > 0);
    expect([at('spread'), at('uniformity'), at('knn'), at('linear')]).toEqual([0, 4, 20, 24]);
    expect(seen.at(-1)).toBe(last);
    expect(structuredClone(last)).toEqual(last);
  });

  test('stops between two probes when it is told to', async () => {
    const stop = new AbortController();
    let probes = 0;
    const job = measure(
      snapshot,
      { trained },
      {
        signal: stop.signal,
        onReport: () => {
          probes++;
          stop.abort();
        },
      },
    );
    await expect(job).rejects.toMatchObject({ name: 'AbortError' });
    expect(probes).toBe(1);
  });

  test('leaves out factors that are held still', async () => {
    const still = scenesAt(2, 0, 40, { fixed: { color: 'red' } });
    const rows = makeRows(40, 6, (i, c) => Math.sin(i * 7 + c * c));
    const { knn } = await measure({ scenes: still, rows: { image: rows } }, { trained: [] });
    expect(Object.keys(measured(knn.image))).toEqual(FACTORS.filter((factor) => factor !== 'color'));
  });
});

describe('where nothing can be measured', () => {
  function numbersOf(value: unknown): number[] {
    if (typeof value === 'number') return [value];
    if (value instanceof Float32Array || value instanceof Float64Array) return [...value];
    return typeof value === 'object' && value ? Object.values(value).flatMap(numbersOf) : [];
  }

  test('a modality that diverged has reasons, the others their numbers', async () => {
    const image = makeRows(240, 8, (i, c) => (i === 3 && c === 2 ? Number.NaN : i + c));
    const audio = makeRows(240, 8, (i, c) => Math.sin(i * 3 + c * c));
    const report = await measure({ scenes, rows: { image, audio } }, { trained: [['image', 'audio']] });
    const reason = expect.stringMatching(
      /1 of 240 embeddings are not finite|1 of 120 embeddings are not finite/,
    );
    for (const of of [report.spread, report.uniformity, report.knn, report.linear]) {
      expect(of.image).toEqual({ type: 'unfit', reason });
      expect(of.audio?.type).toBe('measured');
    }
    expect(report.pairs[0]?.correlation).toEqual({ type: 'unfit', reason });
    expect(report.retrieval.map(({ recalls }) => recalls.type)).toEqual(['unfit', 'unfit']);
    expect(numbersOf(report).every(Number.isFinite)).toBe(true);
  });

  test.each([
    ['all embeddings are the same', 240, () => 1],
    ['all embeddings are 0', 240, () => 0],
    ['numbers are huge', 240, (i: number) => 1e37 * Math.sin(i)],
    ['numbers are tiny', 240, (i: number) => 1e-37 * Math.sin(i)],
    ['there is one scene', 1, () => 1],
    ['there are few scenes', 7, (i: number) => i],
    ['there is no scene', 0, () => 1],
  ])('no number is NaN when %s', async (_, count, value) => {
    const rows = makeRows(count, 4, value);
    const report = await measure(
      { scenes: scenesAt(1, 0, count), rows: { image: rows, text: rows }, views: { image: rows } },
      { trained: [['image', 'text']], common: 2 },
    );
    expect(numbersOf(report).filter((number) => !Number.isFinite(number))).toEqual([]);
    expect(report.retrieval).toHaveLength(2);
  });

  test('rows that are not those of the scenes are refused', async () => {
    const rows = { text: makeRows(239, 2, () => 1) };
    await expect(measure({ scenes, rows }, { trained: [] })).rejects.toThrow(
      'There are 239 embeddings of text for 240 scenes. Give one for each.',
    );
  });
});
