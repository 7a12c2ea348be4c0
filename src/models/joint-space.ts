/**
 * The joint space: a picture is the mean of the text vectors of its most probable labels, weighted by their probabilities
 * (ConSE, Norouzi et al. 2014, https://arxiv.org/abs/1312.5650), so that words find pictures without a model trained on both.
 */
import type { Manifest } from './manifest.ts';
import type { Weights } from './weights.ts';

export interface Guess {
  readonly label: string;
  readonly probability: number;
}

export class JointSpace {
  readonly #labels: readonly string[];
  readonly #vectors: Float32Array;
  readonly #pictureMean: Float32Array;
  readonly #textMean: Float32Array;
  readonly #settings: Manifest['joint'];

  constructor(weights: Weights, labels: readonly string[], settings: Manifest['joint']) {
    this.#labels = labels;
    this.#settings = settings;
    this.#vectors = weights.floats('labels', [labels.length, settings.dimension]);
    this.#pictureMean = weights.floats('mean.picture', [settings.dimension]);
    this.#textMean = weights.floats('mean.text', [settings.dimension]);
  }

  /** The most probable labels, first the most probable; ties by lower index. */
  guess(probabilities: Float32Array): { index: number; probability: number }[] {
    const order = Array.from(probabilities, (probability, index) => ({ index, probability }));
    order.sort((a, b) => b.probability - a.probability || a.index - b.index);
    return order.slice(0, this.#settings.top);
  }

  guesses(probabilities: Float32Array): Guess[] {
    return this.guess(probabilities).map(({ index, probability }) => ({
      label: this.#labels[index] ?? '',
      probability,
    }));
  }

  /** A picture's place, of unit length. */
  ofPicture(probabilities: Float32Array): Float32Array<ArrayBuffer> {
    const { dimension } = this.#settings;
    const mix = new Float32Array(dimension);
    let total = 0;
    for (const { index, probability } of this.guess(probabilities)) {
      total += probability;
      for (let i = 0; i < dimension; i++) {
        mix[i] = (mix[i] ?? 0) + probability * (this.#vectors[index * dimension + i] ?? 0);
      }
    }
    return centered(
      mix.map((value) => value / total),
      this.#pictureMean,
    );
  }

  /** A text's place, of unit length. */
  ofText(embedding: Float32Array): Float32Array<ArrayBuffer> {
    return centered(embedding, this.#textMean);
  }
}

function centered(vector: Float32Array, mean: Float32Array): Float32Array<ArrayBuffer> {
  const moved = Float32Array.from(vector, (value, i) => value - (mean[i] ?? 0));
  const length = Math.hypot(...moved) || 1;
  return moved.map((value) => value / length);
}
