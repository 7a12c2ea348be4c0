import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { VectorSet } from '../../src/metrics/engine.ts';
import type { Contender } from '../measure.ts';

/** One backend of tfjs, on a device of its own. Its tensors must be made and read while it is the one in use. */
export interface Tfjs {
  readonly name: 'tfjs-webgpu' | 'tfjs-wasm';
  use(): Promise<void>;
}

/** @returns the backends that this page can have, both with all that the machine gives them */
export async function openTfjs(wasmPath: string): Promise<Tfjs[]> {
  setWasmPaths(wasmPath);
  setThreadsCount(navigator.hardwareConcurrency);
  const opened: Tfjs[] = [];
  for (const backend of ['webgpu', 'wasm'] as const) {
    try {
      if (!(await tf.setBackend(backend))) continue;
    } catch {
      continue;
    }
    const use = async () => {
      await tf.setBackend(backend);
    };
    opened.push({ name: `tfjs-${backend}`, use });
  }
  return opened;
}

/**
 * A contender that runs a graph of tfjs and reads what it gives.
 *
 * @param prepare makes the tensors that it starts from, once, not timed
 * @param graph makes the results; what is between is freed
 * @param collect turns what was read into the task's kind of result. Always by `data()`: `dataSync` on webgpu can give zeros.
 */
export function tfjsContender<Inputs extends Readonly<Record<string, tf.Tensor>>, Result>(
  backend: Tfjs,
  what: string,
  options: {
    readonly prepare: () => Inputs;
    readonly graph: (inputs: Inputs) => readonly tf.Tensor[];
    readonly collect: (read: readonly ArrayLike<number>[]) => Result;
    readonly repetitions?: number;
    readonly share?: number;
  },
): Contender<Result> {
  let inputs: Inputs | undefined;
  const { repetitions, share } = options;
  return {
    name: `${backend.name}, ${what}`,
    ...(repetitions === undefined ? {} : { repetitions }),
    ...(share === undefined ? {} : { share }),
    async ready() {
      await backend.use();
      inputs ??= options.prepare();
    },
    async run() {
      const given = inputs;
      if (!given) throw new Error('ready() comes before run()');
      const results = tf.tidy(() => [...options.graph(given)]);
      const read = await Promise.all(results.map((tensor) => tensor.data()));
      for (const tensor of results) tensor.dispose();
      return options.collect(read);
    },
    close() {
      for (const tensor of Object.values(inputs ?? {})) tensor.dispose();
    },
  };
}

export function toTensor({ vectors, dimension }: VectorSet): tf.Tensor2D {
  return tf.tensor2d(vectors, [vectors.length / dimension, dimension]);
}

/** The same columns-first: what tfjs multiplies fastest by. */
export function toTransposed({ vectors, dimension }: VectorSet): tf.Tensor2D {
  const rows = vectors.length / dimension;
  const turned = new Float32Array(vectors.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < dimension; j++) turned[j * rows + i] = vectors[i * dimension + j] ?? 0;
  }
  return tf.tensor2d(turned, [dimension, rows]);
}
