import type { Rows } from '../training/learner.ts';
import { FACTORS, type Factor } from '../world/factors.ts';
import { labelsOf, type Scene } from '../world/scene.ts';
import type { Accuracy, Labels } from './accuracy.ts';
import { knnAccuracy } from './knn.ts';
import { type LinearAccuracy, linearAccuracy } from './linear.ts';
import type { ByFactor } from './report.ts';
import { sliceRows } from './rows.ts';

/** Scenes that probes learn from, the first ones; accuracies are of the others. */
export function splitOf(scenes: readonly Scene[]): { readonly train: number; readonly test: number } {
  const train = Math.floor(scenes.length / 2);
  return { train, test: scenes.length - train };
}

/**
 * How well the k nearest neighbors tell each factor, see `knnAccuracy`.
 *
 * @param rows one for each scene
 * @param factors those that are the same in all scenes are left out
 * @throws {UnfitRows} when rows are not finite, or too few
 */
export function knnOfFactors(
  rows: Rows,
  scenes: readonly Scene[],
  { k = 10, factors = FACTORS }: { readonly k?: number; readonly factors?: readonly Factor[] } = {},
): ByFactor<Accuracy> {
  return tell(rows, scenes, factors, (train, test, labels) => knnAccuracy(train, test, labels, k));
}

/**
 * How well a linear probe tells each factor, see `linearAccuracy`.
 *
 * @param rows one for each scene
 * @param factors those that are the same in all scenes are left out
 * @throws {UnfitRows} when rows are not finite, or too few
 */
export function linearOfFactors(
  rows: Rows,
  scenes: readonly Scene[],
  factors: readonly Factor[] = FACTORS,
): ByFactor<LinearAccuracy> {
  return tell(rows, scenes, factors, linearAccuracy);
}

function tell<T>(
  rows: Rows,
  scenes: readonly Scene[],
  factors: readonly Factor[],
  probe: (train: Rows, test: Rows, labels: readonly Labels[]) => T[],
): ByFactor<T> {
  const { train } = splitOf(scenes);
  const told = factors.filter((factor) => new Set(labelsOf(scenes, factor)).size > 1);
  const labels = told.map((factor): Labels => {
    const levels = labelsOf(scenes, factor);
    return { train: levels.subarray(0, train), test: levels.subarray(train) };
  });
  const found = probe(sliceRows(rows, 0, train), sliceRows(rows, train, rows.count), labels);
  return Object.fromEntries(told.map((factor, at) => [factor, found[at]]));
}
