// The world of the lab: the same scenes for the same seed, the table of what shows what, and values that a model can take.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderAudio } from '../../src/lab/world/audio.ts';
import {
  captionBatch,
  renderBatch,
  SCALES,
  type SignalModality,
  shapeOf,
} from '../../src/lab/world/batch.ts';
import { CAPTION_TOKENS, renderCaption, tokenizeCaption, VOCABULARY } from '../../src/lab/world/caption.ts';
import {
  FACTORS,
  type Factor,
  factorsThroughImage,
  LEVELS,
  type Levels,
  MODALITIES,
  type Modality,
  SHOWS,
  sharedFactors,
} from '../../src/lab/world/factors.ts';
import { renderImage } from '../../src/lab/world/image.ts';
import { renderImu } from '../../src/lab/world/imu.ts';
import { renderDepth, renderThermal } from '../../src/lab/world/maps.ts';
import {
  COLOR_OF_SHAPE,
  changeScene,
  labelsOf,
  type Scene,
  sceneAt,
  scenesAt,
} from '../../src/lab/world/scene.ts';
import { createStream, noiseAt, streamKey } from '../../src/lab/world/streams.ts';

const SIGNALS: readonly SignalModality[] = ['image', 'audio', 'depth', 'thermal', 'imu'];
const SIDE = 24;

const RAW: Readonly<Record<Modality, (scene: Scene) => Float32Array | string>> = {
  image: (scene) => renderImage(scene, SIDE),
  text: renderCaption,
  audio: renderAudio,
  depth: (scene) => renderDepth(scene, SIDE),
  thermal: (scene) => renderThermal(scene, SIDE),
  imu: renderImu,
};

function changesOf(scene: Scene, factor: Factor): Partial<Levels>[] {
  return LEVELS[factor]
    .filter((level) => level !== scene.levels[factor])
    .map((level) => ({ [factor]: level }));
}

describe('what shows what', () => {
  const scenes = scenesAt(7, 0, 4);

  test.each(MODALITIES.flatMap((modality) => FACTORS.map((factor) => [modality, factor] as const)))(
    '%s and %s are as the table says',
    (modality, factor) => {
      for (const scene of scenes) {
        const before = RAW[modality](scene);
        for (const change of changesOf(scene, factor)) {
          const after = RAW[modality](changeScene(scene, change));
          if (SHOWS[modality].includes(factor)) expect(after).not.toEqual(before);
          else expect(after).toEqual(before);
        }
      }
    },
  );

  test('the tables in docs/lab-world.md are those of the code', () => {
    const rows = readFileSync('docs/lab-world.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const header = rows.findIndex(([first]) => first === 'factor');
    expect(rows[header]?.slice(2)).toEqual(MODALITIES);
    const shown = FACTORS.map((factor) => [
      factor,
      `${LEVELS[factor].length}: ${LEVELS[factor].join(', ')}`,
      ...MODALITIES.map((modality) => (SHOWS[modality].includes(factor) ? 'yes' : '–')),
    ]);
    expect(rows.slice(header + 2, header + 2 + FACTORS.length)).toEqual(shown);
    const others = MODALITIES.filter((modality) => modality !== 'image');
    const pairs = rows.findIndex(([first, second]) => first === '' && second === 'text');
    const throughImage = others.map((one) => [
      one,
      ...others.map((other) =>
        one === other ? '' : factorsThroughImage(one, other).join(', ') || '**nothing**',
      ),
    ]);
    expect(rows.slice(pairs + 2, pairs + 2 + others.length)).toEqual(throughImage);
  });

  test('the image shares something with every other modality, and nobody sees what it does not through it', () => {
    for (const modality of MODALITIES) {
      expect(sharedFactors('image', modality).length).toBeGreaterThan(0);
    }
    expect(sharedFactors('text', 'thermal')).toContain('temperature');
    expect(factorsThroughImage('text', 'thermal')).toEqual(['size', 'position']);
  });

  test('pairs never trained can meet through the image, and the controls cannot', () => {
    expect(factorsThroughImage('audio', 'text')).toEqual(['shape', 'size']);
    expect(factorsThroughImage('imu', 'depth')).toEqual(['path']);
    expect(factorsThroughImage('imu', 'audio')).toEqual(['speed']);
    expect(sharedFactors('imu', 'text')).toEqual([]);
    expect(sharedFactors('imu', 'thermal')).toEqual([]);
  });
});

describe('seeds', () => {
  test('a scene is the same whatever was made before it, and in whatever order', () => {
    const inOrder = scenesAt(3, 0, 6).map((scene) => [
      scene,
      MODALITIES.map((modality) => RAW[modality](scene)),
    ]);
    const backward = [5, 4, 3, 2, 1, 0].map((index) => {
      const scene = sceneAt(3, index);
      return [
        scene,
        MODALITIES.toReversed()
          .map((modality) => RAW[modality](scene))
          .reverse(),
      ];
    });
    expect(backward.reverse()).toEqual(inOrder);
    expect(renderBatch('image', scenesAt(3, 4, 2)).values).toEqual(
      renderBatch('image', scenesAt(3, 0, 6)).values.slice((4 * 6 * 48 ** 2 * 3) / 6),
    );
  });

  test('another seed, another index and another stream give other numbers', () => {
    const keys = [
      streamKey(1, 0, 'image'),
      streamKey(2, 0, 'image'),
      streamKey(1.5, 0, 'image'),
      streamKey(-1, 0, 'image'),
      streamKey(1, 1, 'image'),
      streamKey(1, 2 ** 32, 'image'),
      streamKey(1, 0, 'audio'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(streamKey(-0, 5, 'imu')).toBe(streamKey(0, 5, 'imu'));
    expect(createStream(1, 0, 'image')()).not.toBe(createStream(1, 0, 'depth')());
  });

  test('noise has mean 0, variance 1 and no memory', () => {
    const n = 100_000;
    let sum = 0;
    let squares = 0;
    let products = 0;
    for (let i = 0; i < n; i++) {
      const value = noiseAt(42, i);
      sum += value;
      squares += value ** 2;
      products += value * noiseAt(42, i + 1);
    }
    // Five standard errors of a mean of n.
    const tolerance = 5 / Math.sqrt(n);
    expect(Math.abs(sum / n)).toBeLessThan(tolerance);
    expect(Math.abs(squares / n - 1)).toBeLessThan(tolerance * Math.SQRT2);
    expect(Math.abs(products / n)).toBeLessThan(tolerance);
  });

  test('levels are even and any two factors independent', () => {
    const n = 20_000;
    const scenes = scenesAt(11, 0, n);
    const labels = new Map(FACTORS.map((factor) => [factor, labelsOf(scenes, factor)]));
    for (const [i, one] of FACTORS.entries()) {
      for (const other of FACTORS.slice(i + 1)) {
        const [a, b] = [LEVELS[one].length, LEVELS[other].length];
        const counts = new Float64Array(a * b);
        for (let scene = 0; scene < n; scene++) {
          const cell = (labels.get(one)?.[scene] ?? 0) * b + (labels.get(other)?.[scene] ?? 0);
          counts[cell] = (counts[cell] ?? 0) + 1;
        }
        const expected = n / (a * b);
        const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
        // Of chi squared with a·b − 1 degrees of freedom: five standard deviations above its mean.
        const freedom = a * b - 1;
        expect(statistic, `${one} and ${other}`).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom));
      }
    }
  });

  test('an index that is none is refused', () => {
    expect(() => sceneAt(1, -1)).toThrow('A scene’s index'.replace('’', "'"));
    expect(() => sceneAt(1, 0.5)).toThrow(RangeError);
  });
});

describe('splits', () => {
  const heldOut = { factors: ['color', 'shape'], combinations: COLOR_OF_SHAPE } as const;
  const pairOf = ({ levels }: Scene): string => `${levels.color} ${levels.shape}`;
  const listed = new Set(
    COLOR_OF_SHAPE.map(([color, shape]) => `${LEVELS.color[color]} ${LEVELS.shape[shape]}`),
  );

  test('held-out combinations are on one side only, and every level is on both', () => {
    const seen = scenesAt(5, 0, 2_000, { heldOut: { ...heldOut, side: 'seen' } });
    const unseen = scenesAt(5, 0, 500, { heldOut: { ...heldOut, side: 'unseen' } });
    expect(seen.filter((scene) => listed.has(pairOf(scene)))).toEqual([]);
    expect(new Set(seen.map(pairOf)).size).toBe(56);
    expect(new Set(unseen.map(pairOf))).toEqual(listed);
  });

  test('what is held out changes no other factor', () => {
    const free = sceneAt(5, 9);
    const { levels } = sceneAt(5, 9, { heldOut: { ...heldOut, side: 'seen' } });
    expect({ ...levels, color: 0, shape: 0 }).toEqual({ ...free.levels, color: 0, shape: 0 });
  });

  test('fixed levels stay, on either side, and a side without any combination says so', () => {
    const options = {
      fixed: { color: 'red', speed: 'fast' },
      heldOut: { ...heldOut, side: 'unseen' },
    } as const;
    for (const { levels } of scenesAt(5, 0, 20, options)) {
      expect([levels.color, levels.speed, levels.shape]).toEqual(['red', 'fast', LEVELS.shape[3]]);
    }
    expect(() => sceneAt(5, 0, { heldOut: { ...heldOut, combinations: [], side: 'unseen' } })).toThrow(
      'No combination of color and shape is left on the unseen side.',
    );
  });
});

describe('batches', () => {
  const scenes = scenesAt(1, 100_000, 192);

  test.each(SIGNALS)('%s has the shape it says, mean 0 and variance 1', (modality) => {
    const { values, shape } = renderBatch(modality, scenes, 32);
    expect(shape).toEqual([192, ...shapeOf(modality, 32)]);
    expect(values.length).toBe(shape.reduce((a, b) => a * b, 1));
    const channels = SCALES[modality].mean.length;
    expect(shape.at(-1)).toBe(channels);
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      let squares = 0;
      for (let at = channel; at < values.length; at += channels) {
        sum += values[at] ?? 0;
        squares += (values[at] ?? 0) ** 2;
      }
      const count = values.length / channels;
      // 192 scenes of widely different kinds: their own mean is off by about a tenth.
      expect(Math.abs(sum / count)).toBeLessThan(0.25);
      expect(squares / count).toBeGreaterThan(0.7);
      expect(squares / count).toBeLessThan(1.4);
    }
    expect(values.every(Number.isFinite)).toBe(true);
  });

  test('a row of a batch is the rendered scene, scaled', () => {
    const [first, second] = scenesAt(9, 0, 2);
    if (!first || !second) throw new Error('no scenes');
    const { values } = renderBatch('depth', [first, second], 16);
    const raw = renderDepth(second, 16);
    const { mean, deviation } = SCALES.depth;
    const scaled = raw.map((meters) => (meters - (mean[0] ?? 0)) / (deviation[0] ?? 1));
    for (let i = 0; i < scaled.length; i++) expect(values[256 + i]).toBeCloseTo(scaled[i] ?? Number.NaN, 5);
  });

  test('captions say every shown level, in words of the vocabulary', () => {
    const { values, shape, captions } = captionBatch(scenes);
    expect(shape).toEqual([192, CAPTION_TOKENS]);
    expect(values).not.toContain(VOCABULARY.indexOf('<unknown>'));
    for (let i = 0; i < captions.length; i++) {
      const row = values.subarray(i * CAPTION_TOKENS, (i + 1) * CAPTION_TOKENS);
      expect(row[0]).toBe(VOCABULARY.indexOf('<start>'));
      expect(row.filter((id) => id === VOCABULARY.indexOf('<end>'))).toHaveLength(1);
      const said = [...row].map((id) => VOCABULARY[id]).filter((word) => !word?.startsWith('<'));
      expect(said.join(' ').replaceAll(' ,', ',')).toBe(captions[i]);
    }
    expect(captions.join('\n')).not.toMatch(/\ba [aeiou]/);
    expect(new Set(VOCABULARY).size).toBe(VOCABULARY.length);
  });

  test('what a user types becomes ids too: other case, a full stop, unknown words, far too many', () => {
    const [start, a, red, unknown, end] = ['<start>', 'a', 'red', '<unknown>', '<end>'].map((word) =>
      VOCABULARY.indexOf(word),
    );
    expect([...tokenizeCaption('A red zeppelin.')].slice(0, 5)).toEqual([start, a, red, unknown, end]);
    const long = tokenizeCaption('red '.repeat(100));
    expect(long).toHaveLength(CAPTION_TOKENS);
    expect(long.at(-1)).toBe(end);
    expect([...tokenizeCaption('')].slice(0, 3)).toEqual([start, end, VOCABULARY.indexOf('<pad>')]);
  });

  test('a side that no model takes is refused', () => {
    expect(() => renderBatch('image', scenes, 8)).toThrow(
      "A picture's side is a whole number from 16 to 256 pixels. This one is 8.",
    );
  });
});
