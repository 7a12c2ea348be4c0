import type { Rows } from '../training/learner.ts';
import { type Accuracy, checkLabels, countLevels, describeAccuracy, type Labels } from './accuracy.ts';
import { factorize, solve, solveLower } from './cholesky.ts';
import { gramOfColumns, gramOfRows } from './gram.ts';
import { checkRows, checkWidths, dotAt } from './rows.ts';
import { scalesOf, standardizeRows } from './standardize.ts';

export interface LinearAccuracy extends Accuracy {
  /** The penalty that was chosen. */
  readonly penalty: number;
}

/** From nearly none to one that leaves little but the means, for some hundreds of standardized rows. */
const PENALTIES: readonly number[] = [0.1, 1, 10, 100, 1_000, 10_000];

/**
 * Linear probe (Alain and Bengio 2016): how well a linear classifier on frozen embeddings tells a factor. The classifier is ridge regression onto
 * one-hot levels (Hoerl and Kennard 1970), and tells the level with the largest output:
 *
 *     W = (X̃ᵀX̃ + α I)⁻¹ X̃ᵀ (Y − Ȳ),   level = argmax (Ȳ + x̃ W)
 *
 * X̃ is standardized by the train rows. Ridge and not logistic regression, because it is a closed form: nothing has to converge, and one
 * factorization serves every factor. α is the one of PENALTIES with the least squared error when each train row is left out in turn (Allen 1974), which needs no
 * second fit either: e / (1 − h), with h the row's leverage, intercept included. The same as scikit-learn's StandardScaler before RidgeClassifierCV.
 *
 * Where there are more dimensions than rows, W comes from the n × n matrix X̃X̃ᵀ instead, and is the same.
 *
 * @param train n × width; columns that are constant up to the rounding of 32 bits count for nothing
 * @param test m × width
 * @param labels one entry for each factor
 * @returns for each factor; chance is the share of its most frequent level
 * @throws {UnfitRows} when rows are not finite, or there are fewer than two to learn from
 */
export function linearAccuracy(train: Rows, test: Rows, labels: readonly Labels[]): LinearAccuracy[] {
  checkRows(train, 'Embeddings to learn from', 2);
  checkRows(test, 'Embeddings to test');
  checkWidths(train, test);
  checkLabels(labels, train.count, test.count);
  const scales = scalesOf(train);
  const known = standardizeRows(train, scales);
  const asked = standardizeRows(test, scales);
  const { count: n, width: d } = train;
  const targets = labels.map((of) => oneHot(of.train));
  const columns = targets.flatMap((levels) => levels.map(({ centered }) => centered));
  const ridge = d > n ? prepareDual(known, n, d, columns) : preparePrimal(known, n, d, columns);
  const best = targets.map((): Chosen => ({ error: Number.POSITIVE_INFINITY, penalty: 0, fits: [] }));
  for (const penalty of PENALTIES) {
    const { margins, fits } = ridge(penalty);
    let from = 0;
    for (const [f, levels] of targets.entries()) {
      const own = fits.slice(from, from + levels.length);
      from += levels.length;
      const error = own.reduce((sum, { residuals }) => sum + leftOutError(residuals, margins), 0);
      if (error < (best[f]?.error ?? 0)) best[f] = { error, penalty, fits: own };
    }
  }
  return labels.map((of, f) => {
    const { fits = [], penalty = 0 } = best[f] ?? {};
    const weights = fits.map((fit) => fit.weights());
    let correct = 0;
    for (let i = 0; i < test.count; i++) {
      let told = -1;
      let most = Number.NEGATIVE_INFINITY;
      for (let level = 0; level < weights.length; level++) {
        const column = weights[level];
        if (!column) continue;
        const output = (targets[f]?.[level]?.mean ?? 0) + dotAt(asked, i * d, column, 0, d);
        if (output > most) {
          told = level;
          most = output;
        }
      }
      if (told === of.test[i]) correct++;
    }
    return { ...describeAccuracy(correct, of.test), penalty };
  });
}

/** Ridge onto one column of targets. */
interface Fit {
  readonly residuals: Float64Array;
  readonly weights: () => Float64Array;
}

interface Ridge {
  /** 1 − leverage, for every row. */
  readonly margins: Float64Array;
  /** One for each column of targets. */
  readonly fits: readonly Fit[];
}

interface Chosen {
  readonly error: number;
  readonly penalty: number;
  readonly fits: readonly Fit[];
}

/** Squared error of the rows, each told by a fit without it. */
function leftOutError(residuals: Float64Array, margins: Float64Array): number {
  let error = 0;
  for (let i = 0; i < residuals.length; i++) error += ((residuals[i] ?? 0) / (margins[i] ?? 1)) ** 2;
  return error;
}

function preparePrimal(
  x: Float64Array,
  n: number,
  d: number,
  columns: readonly Float64Array[],
): (penalty: number) => Ridge {
  const gram = gramOfColumns(x, n, d);
  const products = columns.map((column) => timesRows(x, column, d));
  return (penalty) => {
    const lower = factorizeWith(gram, d, penalty);
    const margins = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const row = x.slice(i * d, (i + 1) * d);
      solveLower(lower, d, row);
      margins[i] = 1 - 1 / n - dotAt(row, 0, row, 0, d);
    }
    const fits = columns.map((column, at): Fit => {
      const weights = products[at]?.slice() ?? new Float64Array(d);
      solve(lower, d, weights);
      const residuals = new Float64Array(n);
      for (let i = 0; i < n; i++) residuals[i] = (column[i] ?? 0) - dotAt(x, i * d, weights, 0, d);
      return { residuals, weights: () => weights };
    });
    return { margins, fits };
  };
}

function prepareDual(
  x: Float64Array,
  n: number,
  d: number,
  columns: readonly Float64Array[],
): (penalty: number) => Ridge {
  const gram = gramOfRows(x, n, d);
  return (penalty) => {
    const lower = factorizeWith(gram, n, penalty);
    const margins = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const column = new Float64Array(n);
      column[i] = 1;
      solveLower(lower, n, column, i);
      margins[i] = penalty * dotAt(column, 0, column, 0, n) - 1 / n;
    }
    const fits = columns.map((column): Fit => {
      const coefficients = column.slice();
      solve(lower, n, coefficients);
      return {
        residuals: coefficients.map((value) => penalty * value),
        weights: () => timesRows(x, coefficients, d),
      };
    });
    return { margins, fits };
  };
}

function factorizeWith(gram: Float64Array, n: number, penalty: number): Float64Array {
  const lower = gram.slice();
  for (let i = 0; i < n; i++) lower[i * n + i] = (lower[i * n + i] ?? 0) + penalty;
  factorize(lower, n);
  return lower;
}

/** Xᵀ · column */
function timesRows(x: Float64Array, column: Float64Array, d: number): Float64Array {
  const sums = new Float64Array(d);
  for (let i = 0; i < column.length; i++) {
    const factor = column[i] ?? 0;
    for (let c = 0; c < d; c++) sums[c] = (sums[c] ?? 0) + factor * (x[i * d + c] ?? 0);
  }
  return sums;
}

/** For each level, which rows have it, less their share. */
function oneHot(levels: Uint8Array) {
  return Array.from(countLevels(levels), (count, level) => {
    const mean = count / levels.length;
    return { mean, centered: Float64Array.from(levels, (of) => (of === level ? 1 : 0) - mean) };
  });
}
