// Labels in templates, the vectors they are averaged to, and shares at a temperature.

import { describe, expect, test } from 'vitest';
import {
  averageTemplates,
  checkTemplates,
  fillTemplates,
  linesIn,
  suitedTemplates,
  TEMPLATE_PRESETS,
} from '../../src/app/label-templates.ts';
import {
  HIGHEST_TEMPERATURE,
  LOWEST_TEMPERATURE,
  parseTemperature,
  sharesOf,
  stepOf,
  suitedTemperature,
  TEMPERATURE_STEPS,
  temperatureAt,
  temperatureText,
} from '../../src/app/temperature.ts';
import { createTextVectors } from '../../src/app/text-vectors.ts';
import type { Embedder } from '../../src/models/embedder.ts';

describe('templates', () => {
  test('take the label wherever it is asked for, as it is written', () => {
    expect(fillTemplates(['$& dog', '{}'], ['{}', 'a {} and a {}'])).toEqual([
      '$& dog',
      'a $& dog and a $& dog',
      '{}',
      'a {} and a {}',
    ]);
  });

  test('are read a line each, once', () => {
    expect(linesIn(' {} \n\na {}\r\n{}\n')).toEqual(['{}', 'a {}']);
  });

  test.each([
    [[], 'There are no templates. Give at least one: "{}" is the label alone.'],
    [
      ['{}', 'a photo'],
      'The template "a photo" has no {}, which stands for the label. Write it as in "a photo of a {}".',
    ],
    [[''], 'The template "" has no {}, which stands for the label. Write it as in "a photo of a {}".'],
    [
      Array.from({ length: 101 }, () => '{}'),
      'There are 101 templates, and 100 are the most that are averaged. Leave some out.',
    ],
    [
      [`{}${'a'.repeat(199)}`],
      `The template "{}${'a'.repeat(37)}…" has 201 characters; 200 are the most that models are given. Shorten it.`,
    ],
  ])('that will not do are refused: %#', (templates, message) => {
    expect(() => checkTemplates(templates)).toThrow(new RangeError(message));
  });

  test('follow the model: whole phrases for one that learned from captions', () => {
    expect(suitedTemplates({ temperature: 0.01 })).toEqual(['a photo of a {}']);
    expect(suitedTemplates({})).toEqual(['{}']);
    for (const { templates } of TEMPLATE_PRESETS) expect(() => checkTemplates(templates)).not.toThrow();
  });

  test('are averaged at unit length, and the mean is of unit length', () => {
    const first = [Float32Array.of(10, 0), Float32Array.of(0, 0.1)];
    const second = [Float32Array.of(0, -3), Float32Array.of(0, -4)];
    const { vectors, dimension } = averageTemplates([...first, ...second], 2);
    expect(dimension).toBe(2);
    expect([...vectors]).toEqual([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2), 0, -1]);
  });

  test('that cancel each other leave zero, not NaN', () => {
    expect([...averageTemplates([Float32Array.of(1), Float32Array.of(-1)], 2).vectors]).toEqual([0]);
  });
});

describe('a temperature', () => {
  test('suits the model: its own, within the range', () => {
    expect(
      [{}, { temperature: 0.07 }, { temperature: 0.001 }, { temperature: 9 }].map(suitedTemperature),
    ).toEqual([0.15, 0.07, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE]);
  });

  test('moves by equal ratios from one end of the slider to the other', () => {
    expect(temperatureAt(0)).toBe(LOWEST_TEMPERATURE);
    expect(temperatureAt(TEMPERATURE_STEPS / 2)).toBe(0.1);
    expect(temperatureAt(TEMPERATURE_STEPS)).toBe(HIGHEST_TEMPERATURE);
    for (let step = 0; step <= TEMPERATURE_STEPS; step++)
      expect(Math.round(stepOf(temperatureAt(step)))).toBe(step);
  });

  test('is shown with four digits', () => {
    expect([0.045066803175671744, 0.01, 1, 0.1234].map(temperatureText)).toEqual([
      '0.04507',
      '0.01',
      '1',
      '0.1234',
    ]);
  });

  test('can be typed', () => {
    expect(['0.07', ' 0,1234 ', '1', '1e-2'].map(parseTemperature)).toEqual([0.07, 0.1234, 1, 0.01]);
    for (const text of ['', ' ', 'x', '0', '0.009', '1.1', '-1', 'NaN', 'Infinity'])
      expect(() => parseTemperature(text)).toThrow('A temperature is a number from 0.01 to 1.');
  });

  test('makes shares: softmax(cosine / temperature) of each row', () => {
    const shares = sharesOf(Float32Array.of(0.5, 0.25, -1, -1), 2, 0.25);
    const e = Math.E;
    [e / (e + 1), 1 / (e + 1), 0.5, 0.5].forEach((share, at) => {
      expect(shares[at]).toBeCloseTo(share, 6);
    });
    expect(sharesOf(Float32Array.of(1, -1), 2, 0.01)).toEqual(Float32Array.of(1, Math.exp(-200)));
  });
});

describe('texts', () => {
  function counting(key: string) {
    const asked: string[] = [];
    const embedTexts: Embedder['embedTexts'] = async (texts) => {
      asked.push(...texts);
      return texts.map((text) => ({ joint: Float32Array.of(text.length), text: Float32Array.of(0) }));
    };
    const model = { info: { key }, embedTexts };
    return { asked, model };
  }

  test('are embedded once by each model, in the order they are asked for', async () => {
    const embed = createTextVectors(100);
    const { asked, model } = counting('one');
    expect(await embed(model, ['aa', 'b', 'aa'])).toEqual(
      [[2], [1], [2]].map((row) => new Float32Array(row)),
    );
    await embed(model, ['ccc', 'b']);
    expect(asked).toEqual(['aa', 'b', 'ccc']);
    const other = counting('other');
    await embed(other.model, ['b']);
    expect(other.asked).toEqual(['b']);
  });

  test('are forgotten, the oldest first, when they are many', async () => {
    const embed = createTextVectors(2);
    const { asked, model } = counting('one');
    expect(await embed(model, ['a', 'b', 'c'])).toHaveLength(3);
    await embed(model, ['c', 'b']);
    expect(asked).toHaveLength(3);
    await embed(model, ['a']);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  test('that could not be embedded are asked for again', async () => {
    const embed = createTextVectors(2);
    const { asked, model } = counting('one');
    const failing = { ...model, embedTexts: () => Promise.reject(new Error('no GPU')) };
    await expect(embed(failing, ['a'])).rejects.toThrow('no GPU');
    await embed(model, ['a']);
    expect(asked).toEqual(['a']);
  });
});
