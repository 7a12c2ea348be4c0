import { z } from 'zod';

const count = z.int().positive();
const fileSchema = z.object({
  path: z.string().regex(/^[\w.-]+$/),
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** public/models/manifest.json, as tools/convert-models.py writes it. */
export const manifestSchema = z.object({
  format: z.literal('nearfield-models-1'),
  name: z.string(),
  /** Changes with the weights, the settings and the code that runs them. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  files: z.object({
    image: fileSchema,
    text: fileSchema,
    joint: fileSchema,
    labels: fileSchema,
    tokenizer: fileSchema,
  }),
  picture: z.object({
    size: count,
    crop: z.number().gt(0).max(1),
    mean: z.number(),
    deviation: z.number().positive(),
    dimension: count,
    classes: count,
  }),
  text: z.object({
    dimension: count,
    layers: count,
    heads: count,
    vocabulary: count,
    /** Width of the hidden part of each feed-forward layer. */
    inner: count,
    maxTokens: count,
    epsilon: z.number().positive(),
  }),
  joint: z.object({
    dimension: count,
    /** How many of the most probable labels are mixed. */
    top: count,
    /** What their probabilities are raised to first. */
    power: z.number().positive(),
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ModelFile = keyof Manifest['files'];
