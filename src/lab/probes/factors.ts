import { NO_LABEL } from '../data/pictures.ts';
import type { Rows } from '../training/learner.ts';
import { FACTORS, type Factor } from '../world/factors.ts';
import { labelsOf, type Scene } from '../world/scene.ts';
import type { Accuracy, Labels } from './accuracy.ts';
import { knnAccuracy } from './knn.ts';
import { type LinearAccuracy, linearAccuracy } from './linear.ts';
import type { ByFactor, LabeledItems, Told } from './report.ts';
import { pickRows, sliceRows } from './rows.ts';

/** Scenes that probes learn from, the first ones; accuracies are of the others. */
export function splitOf(scenes: { readonly length: number }): {
  readonly train: number;
  readonly test: number;
} {
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
  scenes: readonly Scene[] | LabeledItems,
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
  scenes: readonly Scene[] | LabeledItems,
  factors: readonly Factor[] = FACTORS,
): ByFactor<LinearAccuracy> {
  return tell(rows, scenes, factors, linearAccuracy);
}

function tell<T>(
  rows: Rows,
  scenes: readonly Scene[] | LabeledItems,
  factors: readonly Factor[],
  probe: (train: Rows, test: Rows, labels: readonly Labels[]) => T[],
): ByFactor<T> {
  const asked = 'labels' in scenes ? labeled(rows, scenes) : shown(rows, scenes, factors);
  const told = asked.levels.filter(([, { train, test }]) => new Set([...train, ...test]).size > 1);
  if ('labels' in scenes && told.length === 0) return {};
  const found = probe(
    asked.train,
    asked.test,
    told.map(([, labels]) => labels),
  );
  return Object.fromEntries(told.map(([factor], at) => [factor, found[at]]));
}

/** Rows to learn from and to test, and what is to be told of them, by its name. */
interface Asked {
  readonly train: Rows;
  readonly test: Rows;
  readonly levels: readonly (readonly [Told, Labels])[];
}

/** The first half is learned from. */
function halves(rows: Rows, levels: readonly (readonly [Told, Uint8Array])[]): Asked {
  const { train } = splitOf({ length: rows.count });
  return {
    train: sliceRows(rows, 0, train),
    test: sliceRows(rows, train, rows.count),
    levels: levels.map(([told, each]) => [
      told,
      { train: each.subarray(0, train), test: each.subarray(train) },
    ]),
  };
}

function shown(rows: Rows, scenes: readonly Scene[], factors: readonly Factor[]): Asked {
  return halves(
    rows,
    factors.map((factor) => [factor, labelsOf(scenes, factor)]),
  );
}

/** Only the rows that have a label. */
function labeled(rows: Rows, { labels, known }: LabeledItems): Asked {
  if (!labels) return halves(rows, []);
  const places = Array.from(labels.keys()).filter((at) => labels[at] !== NO_LABEL);
  const test = pickRows(rows, places);
  const own = labels.filter((label) => label !== NO_LABEL);
  if (!known) return halves(test, [['label', own]]);
  return { train: known.rows, test, levels: [['label', { train: known.labels, test: own }]] };
}
