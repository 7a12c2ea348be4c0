import { readFileSync } from 'node:fs';
import { z } from 'zod';

const array = z
  .object({ shape: z.tuple([z.number(), z.number()]), base64: z.string() })
  .transform(({ shape: [rows, columns], base64 }) => ({
    rows,
    columns,
    values: new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer),
  }));

const quality = z.object({
  cases: z.array(
    z.object({
      vectors: array,
      positions: array,
      results: z.array(z.object({ k: z.number(), trustworthiness: z.number(), kept: z.number() })),
    }),
  ),
});
const principal = z.object({
  cases: z.array(z.object({ vectors: array, scores: array, explained: z.array(z.number()) })),
});
const maps = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      vectors: array,
      neighbors: z.number(),
      trustworthiness: z.number(),
      kept: z.number(),
    }),
  ),
});

/** What scikit-learn and umap-learn said; see tools/make-projection-fixtures.py. */
export const qualityCases = read('quality', quality).cases;
export const pcaCases = read('pca', principal).cases;
export const mapCases = read('maps', maps).cases;

function read<T>(name: string, schema: z.ZodType<T>): T {
  const path = new URL(`../fixtures/projection/${name}.json`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
