import type { VectorSet } from '../../src/metrics/engine.ts';
import type { Contender } from '../measure.ts';

/** What we use of embedding-atlas 0.26 (its umap.d.ts). */
export interface EmbeddingAtlas {
  createNNDescent(
    count: number,
    inputDim: number,
    data: Float32Array,
    options: {
      readonly metric: 'euclidean';
      readonly nNeighbors: number;
      readonly seed: number;
      readonly gpu: boolean;
    },
  ): Promise<NearestNeighborDescent>;
}

interface NearestNeighborDescent {
  queryByIndex(index: number, k: number): { readonly indices: Int32Array };
  destroy(): void;
}

/** @param url where its umap.js is served: the package's own entry needs packages that we do not install */
export async function openEmbeddingAtlas(url: string): Promise<EmbeddingAtlas> {
  const module: EmbeddingAtlas = await import(/* @vite-ignore */ url);
  return module;
}

/** Approximate neighbors of every row: builds its graph, then asks it for each row. */
export function descentContenders(
  { createNNDescent }: EmbeddingAtlas,
  { vectors, dimension }: VectorSet,
  k: number,
): Contender<Uint32Array<ArrayBuffer>>[] {
  const rows = vectors.length / dimension;
  return [false, true].map((gpu) => ({
    name: `embedding-atlas createNNDescent${gpu ? ', gpu: true' : ''}`,
    async run() {
      const options = { metric: 'euclidean', nNeighbors: k, seed: 42, gpu } as const;
      const index = await createNNDescent(rows, dimension, vectors, options);
      const out = new Uint32Array(rows * k);
      for (let row = 0; row < rows; row++) {
        // It may count a row among its own neighbors.
        const { indices } = index.queryByIndex(row, k + 1);
        out.set(indices.filter((found) => found !== row).subarray(0, k), row * k);
      }
      index.destroy();
      return out;
    },
  }));
}
