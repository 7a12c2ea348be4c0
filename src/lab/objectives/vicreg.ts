import {
  add,
  div,
  matMul,
  mean,
  relu,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { checkBatch } from './batch.ts';
import { type VicRegSettings, vicRegDefaults } from './defaults.ts';
import { type Loss, weigh } from './loss.ts';
import { meanOverRows, squareSums } from './matrix.ts';
import { center } from './normalize.ts';

/**
 * VICReg (Bardes et al. 2022, equations 1 to 6): a view is told by the other, every feature spreads, and no two tell the same.
 *
 *     L = λ s(Z, Z′) + μ (v(Z) + v(Z′)) + ν (c(Z) + c(Z′))
 *     s = 1/n Σᵢ ‖zᵢ − z′ᵢ‖²
 *     v(Z) = 1/d Σⱼ max(0, γ − √(Var(zʲ) + ε)),   Var with n − 1
 *     c(Z) = 1/d Σ_{i≠j} Cov(Z)ᵢⱼ²,   Cov(Z) = 1/(n − 1) Σᵢ (zᵢ − z̄)(zᵢ − z̄)ᵀ
 *
 * The authors' code (main_vicreg.py) takes s / d and the mean of both v, with the same weights, which were found with it: so does the form
 * `code`, our default. Under `paper` the invariance counts d times as much, and the variance twice.
 *
 * @param views.first n × d, a view of each item after the expander, not normalized; n ≥ 2
 * @param views.second n × d, another view of the same items
 * @param settings λ 25, μ 25, ν 1, γ 1, ε 1e-4, form `code`
 * @returns `invariance`, `variance` (of both views), `covariance` (of both)
 * @throws {UnfitBatch} when n is 1 or the shapes differ
 */
export function vicReg(
  views: { readonly first: Tensor2D; readonly second: Tensor2D },
  settings: Partial<VicRegSettings> = {},
): Loss<'invariance' | 'variance' | 'covariance'> {
  const { first, second } = views;
  checkBatch('VICReg', { 'the first view': first, 'the second view': second });
  const chosen = { ...vicRegDefaults, ...settings };
  const asInCode = chosen.form === 'code';
  const [a, b] = [spread(first, chosen), spread(second, chosen)];
  const distance = meanOverRows(square(sub(first, second)));
  const hinges = add<Scalar>(a.variance, b.variance);
  return weigh(
    {
      invariance: asInCode ? div(distance, first.shape[1]) : distance,
      variance: asInCode ? div(hinges, 2) : hinges,
      covariance: add(a.covariance, b.covariance),
    },
    {
      invariance: chosen.invarianceWeight,
      variance: chosen.varianceWeight,
      covariance: chosen.covarianceWeight,
    },
  );
}

/** v(Z) and c(Z) of n × d. */
function spread(
  view: Tensor2D,
  { targetDeviation, epsilon }: VicRegSettings,
): { readonly variance: Scalar; readonly covariance: Scalar } {
  const [rows, dimension] = view.shape;
  const centered = center(view);
  const variances = div(sum(square(centered), 0), rows - 1);
  const deviations = sqrt(add(variances, epsilon));
  const covariances = div<Tensor2D>(matMul(centered, centered, true), rows - 1);
  return {
    variance: mean(relu(sub(targetDeviation, deviations))),
    covariance: div(squareSums(covariances).offDiagonal, dimension),
  };
}
