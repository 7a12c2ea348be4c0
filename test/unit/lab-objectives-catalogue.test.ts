// What the interface says of the objectives fits what they compute, as PyTorch's cases have it (tools/make-lab-fixtures.py).
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { objectives } from '../../src/lab/objectives/catalogue.ts';
import { readCases } from './lab-objectives-cases.ts';

const cases = readCases(await readFile('test/fixtures/lab/losses.json', 'utf8'));

test('every objective is described, in the order in which cases are made', () => {
  expect(Object.keys(objectives).sort()).toEqual(
    [...new Set(cases.map(({ objective }) => objective))].sort(),
  );
});

describe.each(Object.entries(objectives))('%s', (key, { id, formula, terms, settings, learned }) => {
  const own = cases.filter(({ objective }) => objective === key);

  test('has the terms that it computes, and settings and learned numbers that are taken', () => {
    expect(id).toBe(key);
    const computed = new Set(own.flatMap((one) => Object.keys(one.terms)));
    expect(new Set(terms.map((term) => term.id))).toEqual(computed);
    const described = new Set(settings.map((setting) => setting.id));
    for (const name of own.flatMap((one) => paths(one.settings))) expect(described).toContain(name);
    const scalars = own.flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([name, { shape }]) => (shape.length === 0 ? [name] : [])),
    );
    expect(new Set(learned.map((one) => one.id))).toEqual(new Set(scalars));
  });

  test('begins within the ranges of its settings', () => {
    for (const setting of settings) {
      if (setting.kind === 'choice') {
        expect(setting.options.map((option) => option.id)).toContain(setting.initial);
        continue;
      }
      expect(setting.initial).toBeGreaterThanOrEqual(setting.least);
      expect(setting.initial).toBeLessThanOrEqual(setting.most);
      if (setting.scale === 'log') expect(setting.least).toBeGreaterThan(0);
    }
    for (const { initial, most } of learned) expect(initial).toBeLessThan(most ?? Number.POSITIVE_INFINITY);
  });

  test('writes each term and number in its formula', () => {
    const written = formula.join(' ');
    if (key !== 'image-bind') for (const { symbol } of terms) expect(formula[0]).toContain(symbol);
    for (const setting of settings)
      if (setting.kind === 'number' && setting.id !== 'commonShare')
        expect(written).toContain(setting.symbol);
  });
});

/** Names of settings, those within others after a point. */
function paths(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? Object.keys(value).map((inner) => `${name}.${inner}`)
      : [name],
  );
}
