import { readFileSync } from 'node:fs';
import { z } from 'zod';

const array = z
  .object({ shape: z.tuple([z.number(), z.number()]), base64: z.string() })
  .transform(({ shape: [rows, columns], base64 }) => ({
    rows,
    columns,
    values: new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer),
  }));
/** NaN is null in JSON. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const numbers = z.array(z.number());
const triplets = z.object({ accuracy: z.number(), standardError: z.number(), triplets: z.number() });
const scaling = z.object({
  dims: z.literal([2, 3]),
  scores: array,
  explained: numbers,
  negativeShare: z.number(),
});

const measures = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      vectors: array,
      positions: array,
      sizes: numbers,
      agreement: z.record(
        z.enum(['manhattan', 'cosine']),
        z.object({
          overlaps: z.array(
            z.object({
              k: z.number(),
              share: z.number(),
              jaccard: z.number(),
              chanceShare: z.number(),
              chanceJaccard: z.number(),
            }),
          ),
          rbo: z.number(),
        }),
      ),
      correlations: z.record(
        z.enum(['manhattan', 'cosine']),
        z.object({ pearson: number, spearman: number, kendall: number }),
      ),
      metrics: z.record(
        z.enum(['euclidean', 'manhattan', 'cosine']),
        z.object({
          neighborhoods: z.array(
            z.object({
              k: z.number(),
              trustworthiness: z.number(),
              continuity: z.number(),
              kept: z.number(),
            }),
          ),
          global: z.object({
            pearson: number,
            spearman: number,
            counts: numbers,
            quantiles: z.array(z.array(number)),
            triplets,
          }),
        }),
      ),
      space: z.object({
        k: z.number(),
        skewness: number,
        outliers: numbers,
        pairs: z.array(z.tuple([z.number(), z.number(), z.number()])),
        pairCount: z.number(),
        twoNn: z.object({ dimension: z.number(), fitted: z.number(), duplicates: z.number() }),
        mean: z.number(),
        deviation: z.number(),
        counts: numbers,
        contrast: z.object({ mean: z.number(), median: z.number() }),
      }),
      isotropy: z.object({ isoScore: z.number(), effectiveDimensions: z.number(), meanCosine: z.number() }),
      scaling: z.partialRecord(z.enum(['euclidean', 'manhattan', 'cosine']), scaling),
    }),
  ),
});

/** What scikit-learn, SciPy and NumPy said; see tools/make-compare-fixtures.py. */
export const compareCases = measures.parse(
  JSON.parse(readFileSync(new URL('../fixtures/compare/measures.json', import.meta.url), 'utf8')),
).cases;
