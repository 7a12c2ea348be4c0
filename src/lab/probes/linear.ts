import type { Rows } from '../training/learner.ts';
import { type Accuracy, checkLabels, countLevels, describeAccuracy, type Labels } from './accuracy.ts';
import { factorize, solve, solveLower } from './cholesky.ts';
import { gramOfColumns, gramOfRows } from './gram.ts';
import { checkRows, checkWidths, dotAt, meanRow } from './rows.ts';

export interface LinearAccuracy extends Accuracy {
  /** The penalty that was chosen. */
  readonly penalty: number;
}

/** From nearly none to one that leaves little but the means, for some hundreds of standardized rows. */
export const PENALTIES: readonly number[] = [0.1, 1, 10, 100, 1_000, 10_000];

/**
 * Linear probe (Alain and Bengio 2016): how well a linear classifier on frozen embeddings tells a factor. The classifier is ridge regression onto
 * one-hot levels (Hoerl and Kennard 1970), and tells the level with the largest output:
 *
 *     W = (X̃ᵀX̃ + α I)⁻¹ X̃ᵀ (Y − Ȳ),   level = argmax (Ȳ + x̃ W)
 *
 * X̃ is standardized by the train rows. Ridge and not logistic regression, because it is a closed form: nothing has to converge, and one
 * factorization serves every factor. α is the one with the least squared error when each train row is left out in turn (Allen 1974), which needs no
 * second fit either: e / (1 − h), with h the row's leverage, intercept included. The same as scikit-learn's StandardScaler before RidgeClassifierCV.
 *
 * Where there are more dimensions than rows, W comes from the n × n matrix X̃X̃ᵀ instead, and is the same.
 *
 * @param train n × width; columns that are constant up to the rounding of 32 bits count for nothing
 * @param test m × width
 * @param labels one entry for each factor
 * @param penalties that α is chosen from; of equal ones the first
 * @returns for each factor; chance is the share of its most frequent level
 * @throws {UnfitRows} when rows are not finite, or there are fewer than two to learn from
 */
export function linearAccuracy(
  train: Rows,
  test: Rows,
  labels: readonly Labels[],
  penalties: readonly number[] = PENALTIES,
): LinearAccuracy[] {
  checkRows(train, 'Embeddings to learn from', 2);
  checkRows(test, 'Embeddings to test');
  checkWidths(train, test);
  checkLabels(labels, train.count, test.count);
  const { mean, factors } = scalesOf(train);
  const known = standardize(train, mean, factors);
  const asked = standardize(test, mean, factors);
  const { count: n, width: d } = train;
  const ridge = d > n ? prepareDual(known, n, d) : preparePrimal(known, n, d);
  const targets = labels.map((of) => oneHot(of.train));
  const best = targets.map(() => ({
    error: Number.POSITIVE_INFINITY,
    penalty: penalties[0] ?? 0,
    fits: [] as Fit[],
  }));
  for (const penalty of penalties) {
    const { margins, regress } = ridge(penalty);
    for (const [f, columns] of targets.entries()) {
      const fits = columns.map(({ centered }) => regress(centered));
      let error = 0;
      for (const { residuals } of fits) {
        for (let i = 0; i < n; i++) error += ((residuals[i] ?? 0) / (margins[i] ?? 1)) ** 2;
      }
      if (error < (best[f]?.error ?? 0)) best[f] = { error, penalty, fits };
    }
  }
  return labels.map((of, f) => {
    const { fits = [], penalty = 0 } = best[f] ?? {};
    const weights = fits.map((each) => each.weights());
    let correct = 0;
    for (let i = 0; i < test.count; i++) {
      let told = -1;
      let most = Number.NEGATIVE_INFINITY;
      for (const [level, column] of weights.entries()) {
        const output = (targets[f]?.[level]?.mean ?? 0) + dotAt(asked, i * d, column, 0, d);
        if (output > most) [told, most] = [level, output];
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
  readonly regress: (target: Float64Array) => Fit;
}

function preparePrimal(x: Float64Array, n: number, d: number): (penalty: number) => Ridge {
  const gram = gramOfColumns(x, n, d);
  return (penalty) => {
    const lower = factorizeWith(gram, d, penalty);
    const margins = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const row = x.slice(i * d, (i + 1) * d);
      solveLower(lower, d, row);
      margins[i] = 1 - 1 / n - dotAt(row, 0, row, 0, d);
    }
    const regress = (target: Float64Array): Fit => {
      const weights = timesRows(x, target, d);
      solve(lower, d, weights);
      const residuals = target.map((value, i) => value - dotAt(x, i * d, weights, 0, d));
      return { residuals, weights: () => weights };
    };
    return { margins, regress };
  };
}

function prepareDual(x: Float64Array, n: number, d: number): (penalty: number) => Ridge {
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
    const regress = (target: Float64Array): Fit => {
      const coefficients = target.slice();
      solve(lower, n, coefficients);
      return {
        residuals: coefficients.map((value) => penalty * value),
        weights: () => timesRows(x, coefficients, d),
      };
    };
    return { margins, regress };
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

// What is left of a constant column of 32-bit floats that were computed one by one.
const ROUNDING = 1e-6;

/** Mean and 1 / standard deviation of every column; 0 where it is constant. */
function scalesOf({ values, count, width }: Rows) {
  const mean = meanRow(values, width);
  const squares = new Float64Array(width);
  for (let at = 0; at < values.length; at++) {
    const c = at % width;
    squares[c] = (squares[c] ?? 0) + ((values[at] ?? 0) - (mean[c] ?? 0)) ** 2;
  }
  const factors = squares.map((sum, c) => {
    const deviation = Math.sqrt(sum / count);
    return deviation > ROUNDING * Math.abs(mean[c] ?? 0) ? 1 / deviation : 0;
  });
  return { mean, factors };
}

function standardize({ values, width }: Rows, mean: Float64Array, factors: Float64Array) {
  return Float64Array.from(values, (value, at) => {
    const c = at % width;
    return (value - (mean[c] ?? 0)) * (factors[c] ?? 0);
  });
}
