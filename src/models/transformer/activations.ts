import { add, erf, mul, relu, sigmoid, split, type Tensor, tanh, tidy } from '@tensorflow/tfjs-core';

/** What stands between the two linear layers of a block, as `hidden_act` names it. */
export const ACTIVATIONS = ['quick_gelu', 'gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu'] as const;
/** `swiglu` makes one of two halves (Shazeer 2020); networks that have it say so otherwise. */
export type Activation = (typeof ACTIVATIONS)[number] | 'swiglu';

// Hendrycks and Gimpel (2016): x·σ(1.702·x), and the approximation by tanh.
const QUICK_SLOPE = 1.702;
const TANH_CUBIC = 0.044715;
const TANH_SCALE = Math.sqrt(2 / Math.PI);

/** Applies an activation to every value. `gelu` is the exact one, by erf; `gelu_new` and `gelu_pytorch_tanh` are one function. */
export function activate<T extends Tensor>(x: T, activation: Activation): T {
  return tidy(() => {
    switch (activation) {
      case 'relu':
        return relu(x);
      case 'quick_gelu':
        return mul<T>(x, sigmoid(mul(x, QUICK_SLOPE)));
      case 'gelu':
        return mul<T>(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
      case 'gelu_new':
      case 'gelu_pytorch_tanh': {
        const inside = mul(mul(x, TANH_SCALE), add(mul(mul(x, x), TANH_CUBIC), 1));
        return mul<T>(mul(x, 0.5), add(tanh(inside), 1));
      }
      case 'swiglu': {
        const [gate, values] = split<T>(x, 2, -1);
        if (!gate || !values) throw new Error('Gate and values could not be split.');
        return mul<T>(mul(gate, sigmoid(gate)), values);
      }
    }
  });
}
