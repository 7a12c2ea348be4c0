import type { Variable } from '@tensorflow/tfjs-core';
import { createConvolutional } from '../encoders/convolutional.ts';
import type { Encoder } from '../encoders/encoder.ts';
import type { Parameter } from '../encoders/parameters.ts';
import { createTextEncoder } from '../encoders/text.ts';
import type { Head } from '../heads/head.ts';
import { createPerceptron } from '../heads/perceptron.ts';
import { shapeOf } from '../world/batch.ts';
import { MODALITIES, type Modality } from '../world/factors.ts';
import { classCount, textSettings } from './input-sizes.ts';
import type { RunSettings } from './settings.ts';

/** What a modality goes through: the encoder, and the head where the recipe has one. */
export interface Network {
  readonly modality: Modality;
  readonly encoder: Encoder;
  readonly head: Head | undefined;
  readonly parameters: readonly Parameter[];
  /** Everything to be kept, whether gradients move it or not. */
  readonly kept: readonly { readonly name: string; readonly values: Variable }[];
  dispose(): void;
}

/** The same for the same seed and modality, whatever else learns: recipes begin with one encoder. */
export function createNetwork(settings: RunSettings, modality: Modality): Network {
  const at = MODALITIES.indexOf(modality) / (2 * MODALITIES.length);
  const encoder = createEncoder(settings, modality, settings.seed + at);
  const head = createHead(settings, modality, settings.seed + at + 1 / (4 * MODALITIES.length));
  const parameters = [...encoder.parameters, ...(head?.parameters ?? [])];
  return {
    modality,
    encoder,
    head,
    parameters,
    kept: [...parameters, ...(head?.statistics ?? [])],
    dispose() {
      encoder.dispose();
      head?.dispose();
    },
  };
}

function createEncoder(settings: RunSettings, modality: Modality, seed: number): Encoder {
  const { side, size, width } = settings;
  if (modality !== 'text') {
    return createConvolutional({ shape: shapeOf(modality, side), width, size, seed, name: modality });
  }
  return createTextEncoder({ ...textSettings(settings), width, seed, name: modality });
}

function createHead(settings: RunSettings, modality: Modality, seed: number): Head | undefined {
  const { recipe, width, headWidth } = settings;
  const name = `${modality}.head`;
  if (recipe === 'supervised') {
    return createPerceptron({ from: width, hidden: [], width: classCount(settings), seed, name });
  }
  if (headWidth === 0) return undefined;
  const hidden = HIDDEN[recipe];
  return createPerceptron({ from: width, hidden: hidden(width, headWidth), width: headWidth, seed, name });
}

type HiddenWidths = (width: number, headWidth: number) => readonly number[];
const projectionHead: HiddenWidths = (width) => [width];
// As published where the output is the wider one; a narrow output has no narrow way to it.
const expander: HiddenWidths = (width, headWidth) => {
  const hidden = Math.max(width, headWidth);
  return [hidden, hidden];
};
const linear: HiddenWidths = () => [];

const HIDDEN: Readonly<Record<Exclude<RunSettings['recipe'], 'supervised'>, HiddenWidths>> = {
  simclr: projectionHead,
  vicreg: expander,
  'barlow-twins': expander,
  decur: expander,
  clip: linear,
  siglip: linear,
  'image-bind': linear,
};
