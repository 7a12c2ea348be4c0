import { mean, type Scalar, square, type Tensor, tensor, tidy, variableGrads } from '@tensorflow/tfjs-core';
import { createConvolutional } from '../../src/lab/encoders/convolutional.ts';
import type { Encoder } from '../../src/lab/encoders/encoder.ts';
import { createTextEncoder } from '../../src/lab/encoders/text.ts';
import { createRandom, gaussian } from '../../src/projection/random.ts';

export const PADDING = 0;

export interface EncoderCase {
  readonly make: (seed: number) => Encoder;
  /** Three items, the last as often as wished. */
  readonly items: () => Tensor;
}

function noise(shape: readonly number[]): () => Tensor {
  const random = createRandom(7);
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, () => gaussian(random));
  return () => tensor(values, [...shape]);
}

/** An encoder of each kind, small. */
export const encoderCases: Readonly<Record<string, EncoderCase>> = {
  picture: {
    make: (seed) => createConvolutional({ shape: [16, 16, 3], width: 8, size: 0.25, seed, name: 'picture' }),
    items: noise([3, 16, 16, 3]),
  },
  motion: {
    make: (seed) => createConvolutional({ shape: [24, 6], width: 8, size: 0.25, seed, name: 'motion' }),
    items: noise([3, 24, 6]),
  },
  text: {
    make: (seed) =>
      createTextEncoder({ vocabulary: 11, tokens: 6, padding: PADDING, width: 8, seed, name: 'text' }),
    items: () => tensor([3, 4, 5, 1, 2, 9, 7, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 0], [3, 6], 'int32'),
  },
};

/** Embeddings, and the gradient of their mean square by every parameter, as plain numbers. */
export async function run({ make, items }: EncoderCase): Promise<{ rows: number[]; gradients: number[] }> {
  const encoder = make(3);
  const x = items();
  const { value, rows, grads } = tidy(() => {
    const rows = encoder.encode(x);
    const { value, grads } = variableGrads(
      () => mean(square(encoder.encode(x))) as Scalar,
      encoder.parameters.map(({ values }) => values),
    );
    return { value, rows, grads };
  });
  const read: number[] = [];
  for (const { values } of encoder.parameters) {
    const gradient = grads[values.name];
    if (!gradient) throw new Error(`No gradient by ${values.name}.`);
    read.push(...(await gradient.data<'float32'>()));
    gradient.dispose();
  }
  const embeddings = [...(await rows.data<'float32'>())];
  for (const made of [value, rows, x, encoder]) made.dispose();
  return { rows: embeddings, gradients: read };
}
