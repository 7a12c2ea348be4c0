/** Prompt templates: phrases that a label is put into before it is embedded, such as "a photo of a {}". */
import type { EmbedderInfo } from '../models/embedder.ts';

/** What stands for the label in a template. */
const HOLE = '{}';

/** CLIP's authors average 80 for ImageNet; more bring nothing but waiting. */
const MOST_TEMPLATES = 100;

/** Models read some dozens of words; what is longer is cut and the label may be lost. */
const LONGEST_TEMPLATE = 200;

const PLAIN = [HOLE];
const PHOTO = ['a photo of a {}'];

/**
 * The seven that did best together on ImageNet, by forward selection among 80: openai/CLIP,
 * notebooks/Prompt_Engineering_for_ImageNet.ipynb.
 */
const SEVEN = [
  'itap of a {}.',
  'a bad photo of the {}.',
  'a origami {}.',
  'a photo of the large {}.',
  'a {} in a video game.',
  'art of the {}.',
  'a photo of the small {}.',
];

export const TEMPLATE_PRESETS: readonly { readonly name: string; readonly templates: readonly string[] }[] = [
  { name: 'The label alone', templates: PLAIN },
  { name: 'A photo of it', templates: PHOTO },
  { name: 'Seven of CLIP’s', templates: SEVEN },
];

/** What suits a model: those that learned from captions know whole phrases best, and tell of it by a temperature of their own. */
export function suitedTemplates({ temperature }: Pick<EmbedderInfo, 'temperature'>): readonly string[] {
  return temperature === undefined ? PLAIN : PHOTO;
}

/** What was typed, one a line, each once. */
export function linesIn(text: string): string[] {
  return [
    ...new Set(
      text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ];
}

/** @throws {RangeError} when there are none, too many, or one has no place for the label */
export function checkTemplates(templates: readonly string[]): void {
  if (templates.length === 0) {
    throw new RangeError('There are no templates. Give at least one: "{}" is the label alone.');
  }
  if (templates.length > MOST_TEMPLATES) {
    throw new RangeError(
      `There are ${templates.length} templates, and ${MOST_TEMPLATES} are the most that are averaged. Leave some out.`,
    );
  }
  for (const template of templates) {
    const start = JSON.stringify(template.length > 40 ? `${template.slice(0, 39)}…` : template);
    if (!template.includes(HOLE)) {
      throw new RangeError(
        `The template ${start} has no {}, which stands for the label. Write it as in "a photo of a {}".`,
      );
    }
    if (template.length > LONGEST_TEMPLATE) {
      throw new RangeError(
        `The template ${start} has ${template.length} characters; ${LONGEST_TEMPLATE} are the most that models are given. Shorten it.`,
      );
    }
  }
}

/** Every label in every template: the texts of the first label, then those of the second, … */
export function fillTemplates(labels: readonly string[], templates: readonly string[]): string[] {
  return labels.flatMap((label) => templates.map((template) => template.split(HOLE).join(label)));
}

/**
 * The vector of each label: its texts' vectors at unit length, their mean, at unit length again, as CLIP's zero-shot classifier does
 * (Radford et al. 2021, section 3.1.4).
 *
 * @param vectors of the texts that {@link fillTemplates} gives, labels × templates
 * @returns labels × dimension, row-major; zero where all of a label's vectors are
 */
export function averageTemplates(
  vectors: readonly Float32Array[],
  templates: number,
): { readonly vectors: Float32Array<ArrayBuffer>; readonly dimension: number } {
  const dimension = vectors[0]?.length ?? 0;
  const means = new Float32Array((vectors.length / templates) * dimension);
  for (let label = 0; label < vectors.length / templates; label++) {
    const sum = new Float64Array(dimension);
    for (const vector of vectors.slice(label * templates, (label + 1) * templates)) {
      const length = Math.hypot(...vector) || 1;
      for (let at = 0; at < dimension; at++) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0) / length;
    }
    const length = Math.hypot(...sum) || 1;
    means.set(
      sum.map((value) => value / length),
      label * dimension,
    );
  }
  return { vectors: means, dimension };
}
