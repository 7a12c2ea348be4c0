/**
 * The joint space: a picture is the mean of the text vectors of its most probable labels, weighted by their probabilities
 * (ConSE, Norouzi et al. 2014, https://arxiv.org/abs/1312.5650), so that words find pictures without a model trained on both.
 * Two changes of ours, measured in docs/models.md: the probabilities are raised to a power first, and what all labels have in
 * common is taken off pictures and words alike, or each would lie in a cone of its own.
 */
import type { Manifest } from './manifest.ts';
import type { Weights } from './weights.ts';

export interface Guess {
  readonly label: string;
  readonly probability: number;
}

// As many as say something; the sixth is mostly noise.
const GUESSES = 5;

export class JointSpace {
  readonly #labels: readonly string[];
  readonly #vectors: Float32Array;
  readonly #center: Float32Array;
  readonly #settings: Manifest['joint'];

  constructor(weights: Weights, labels: readonly string[], settings: Manifest['joint']) {
    this.#labels = labels;
    this.#settings = settings;
    this.#vectors = weights.floats('labels', [labels.length, settings.dimension]);
    this.#center = weights.floats('center', [settings.dimension]);
  }

  /** The most probable labels, most probable first. */
  guesses(probabilities: Float32Array): Guess[] {
    return mostProbable(probabilities, GUESSES).map(({ index, probability }) => ({
      label: this.#labels[index] ?? '',
      probability,
    }));
  }

  /** A picture's place, of unit length. */
  ofPicture(probabilities: Float32Array): Float32Array<ArrayBuffer> {
    const { dimension, top, power } = this.#settings;
    const mix = new Float32Array(dimension);
    let total = 0;
    for (const { index, probability } of mostProbable(probabilities, top)) {
      const weight = probability ** power;
      total += weight;
      for (let i = 0; i < dimension; i++) {
        mix[i] = (mix[i] ?? 0) + weight * (this.#vectors[index * dimension + i] ?? 0);
      }
    }
    return this.ofText(mix.map((value) => value / total));
  }

  /** A text's place, of unit length. */
  ofText(embedding: Float32Array): Float32Array<ArrayBuffer> {
    const moved = Float32Array.from(embedding, (value, i) => value - (this.#center[i] ?? 0));
    const length = Math.hypot(...moved) || 1;
    return moved.map((value) => value / length);
  }
}

/** Ties by lower index. */
function mostProbable(probabilities: Float32Array, count: number): { index: number; probability: number }[] {
  const order = Array.from(probabilities, (probability, index) => ({ index, probability }));
  order.sort((a, b) => b.probability - a.probability || a.index - b.index);
  return order.slice(0, count);
}
