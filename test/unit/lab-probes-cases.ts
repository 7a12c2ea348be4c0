/** The cases of test/fixtures/lab/probes.json (tools/make-lab-probe-fixtures.py). */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Rows } from '../../src/lab/training/learner.ts';

const rows = z
  .object({ count: z.number(), width: z.number(), values: z.array(z.number()) })
  .transform(({ values, ...size }): Rows => ({ ...size, values: Float32Array.from(values) }));
const byK = z.record(z.string(), z.number());
const schema = z.object({
  labeled: z.array(
    z.object({
      name: z.string(),
      rows,
      labels: z.array(z.number()).transform((labels) => Uint8Array.from(labels)),
      knn: byK,
      linear: z.object({ value: z.number(), penalty: z.number() }),
    }),
  ),
  pairs: z.array(
    z.object({
      name: z.string(),
      first: rows,
      second: rows,
      recall: z.record(z.string(), z.object({ forward: z.number(), backward: z.number() })),
      rank: z.number(),
      centeredRank: z.number(),
      alignment: z.number(),
      uniformity: z.number(),
      gap: z.number(),
      correlation: z.array(z.number()),
    }),
  ),
});

export const cases = schema.parse(JSON.parse(readFileSync('test/fixtures/lab/probes.json', 'utf8')));

/** Rows whose numbers are a function of their place. */
export function makeRows(count: number, width: number, of: (item: number, column: number) => number): Rows {
  return {
    count,
    width,
    values: Float32Array.from({ length: count * width }, (_, at) => of(Math.floor(at / width), at % width)),
  };
}
