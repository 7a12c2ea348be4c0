import { expect, test } from 'vitest';
import { Pace } from '../../src/gpu/pace.ts';

test('slow submits shrink the next ones, so that they take about 30 ms', () => {
  const pace = new Pace(1000);
  expect(pace.budget).toBe(30_000);
  pace.record(30_000, 300);
  expect(pace.budget).toBe(3000);
});

test('fast submits let the next ones grow, at most fourfold', () => {
  const pace = new Pace(1000);
  pace.record(30_000, 20);
  expect(pace.budget).toBe(45_000);
  pace.record(45_000, 1);
  expect(pace.budget).toBe(180_000);
});

test('a small submit, which measures the round trip, shrinks nothing', () => {
  const pace = new Pace(1000);
  pace.record(10, 2);
  expect(pace.budget).toBe(30_000);
});
