/**
 * Gives every op of tfjs that has a gradient its gradient: tfjs-core by itself registers none. Whatever trains imports this once. It is a
 * module for bundlers; under Node `@tensorflow/tfjs` does the same.
 */
// First, since what registers them asks it for its flags.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
