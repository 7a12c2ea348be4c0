/**
 * The joint space: a picture is the mean of the text vectors of its most probable labels, weighted by their probabilities
 * (ConSE, Norouzi et al. 2014, https://arxiv.org/abs/1312.5650), so that words find pictures without a model trained on both.
 * Three changes of ours, measured in docs/models.md: the probabilities are raised to a power first; what all labels have in
 * common is taken off pictures and words alike, or each would lie in a cone of its own; and a linear map of the picture's features,
 * learned from named drawings (tools/model_drawings.py), is added, since the classifier's labels are those of photographs.
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
  readonly #drawn: Float32Array;
  readonly #drawnBias: Float32Array;
  readonly #settings: Manifest['joint'];

  /** @param features - how many features a picture has. */
  constructor(weights: Weights, labels: readonly string[], features: number, settings: Manifest['joint']) {
    this.#labels = labels;
    this.#settings = settings;
    this.#vectors = weights.floats('labels', [labels.length, settings.dimension]);
    this.#center = weights.floats('center', [settings.dimension]);
    this.#drawn = weights.floats('drawn', [features, settings.dimension]);
    this.#drawnBias = weights.floats('drawn.bias', [settings.dimension]);
  }

  /** The most probable labels, most probable first. */
  guesses(probabilities: Float32Array): Guess[] {
    return mostProbable(probabilities, GUESSES).map(({ index, probability }) => ({
      label: this.#labels[index] ?? '',
      probability,
    }));
  }

  /** A picture's place, of unit length, from the probabilities of its labels and its features. */
  ofPicture(probabilities: Float32Array, features: Float32Array): Float32Array<ArrayBuffer> {
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
    const place = mix.map((value, i) => value / total + (this.#drawnBias[i] ?? 0));
    for (const [at, feature] of features.entries()) {
      // Half of the features are 0.
      if (feature === 0) continue;
      for (let i = 0; i < dimension; i++) {
        place[i] = (place[i] ?? 0) + feature * (this.#drawn[at * dimension + i] ?? 0);
      }
    }
    return this.ofText(place);
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
