import type { Job } from '../common/job.ts';
import type { Embedder, EmbedderInfo } from '../models/embedder.ts';

/** As much of an embedder as is asked of it here. */
interface Model extends Pick<Embedder, 'embedTexts'> {
  readonly info: Pick<EmbedderInfo, 'key'>;
}

/** Vectors in the joint space, one a text. */
export type EmbedTexts = (
  model: Model,
  texts: readonly string[],
  job?: Job,
) => Promise<Float32Array<ArrayBuffer>[]>;

/**
 * Embeds texts and remembers them, by model, so that the same words are embedded once a visit.
 *
 * @param most texts that are remembered; the oldest go first
 */
export function createTextVectors(most: number): EmbedTexts {
  const known = new Map<string, Float32Array<ArrayBuffer>>();
  return async (model, texts, job) => {
    const { key } = model.info;
    const nameOf = (text: string) => `${key}\n${text}`;
    const found = new Map<string, Float32Array<ArrayBuffer>>();
    for (const text of texts) {
      const vector = known.get(nameOf(text));
      if (vector) found.set(text, vector);
    }
    const missing = [...new Set(texts)].filter((text) => !found.has(text));
    const embeddings = missing.length > 0 ? await model.embedTexts(missing, job) : [];
    missing.forEach((text, at) => {
      const vector = embeddings[at]?.joint;
      if (!vector) throw new Error(`The model gave no vector for "${text}".`);
      found.set(text, vector);
      known.set(nameOf(text), vector);
    });
    for (const name of known.keys()) {
      if (known.size <= most) break;
      known.delete(name);
    }
    return texts.flatMap((text) => found.get(text) ?? []);
  };
}
