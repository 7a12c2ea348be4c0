/** How an objective is described for the interface, and the settings that several have. */
import type { LearnedDefault } from './defaults.ts';

export type ObjectiveId =
  | 'info-nce'
  | 'nt-xent'
  | 'vicreg'
  | 'clip'
  | 'siglip'
  | 'barlow-twins'
  | 'image-bind'
  | 'decur'
  | 'supervised';

export interface Term {
  /** As in the loss's `terms` and `weights`. */
  readonly id: string;
  /** As the formula writes it. */
  readonly symbol: string;
  readonly label: string;
  /** One sentence: what it asks for. */
  readonly meaning: string;
}

interface SettingText {
  /** As in the objective's settings; a point leads into a setting that has several. */
  readonly id: string;
  readonly symbol: string;
  readonly label: string;
  /** One sentence: what changing it does. */
  readonly meaning: string;
}

export interface NumberSetting extends SettingText {
  readonly kind: 'number';
  readonly initial: number;
  readonly least: number;
  readonly most: number;
  /** How a slider divides its range. */
  readonly scale: 'linear' | 'log';
}

export interface ChoiceSetting extends SettingText {
  readonly kind: 'choice';
  readonly initial: string;
  readonly options: readonly { readonly id: string; readonly label: string }[];
}

/** A number that is learned, beside the encoders. */
export interface LearnedNumber extends SettingText, LearnedDefault {}

export interface Objective {
  readonly id: ObjectiveId;
  readonly label: string;
  /** One sentence: what the model is asked to do. */
  readonly purpose: string;
  /** In Unicode; the total as a sum of its terms first. */
  readonly formula: readonly string[];
  readonly source: { readonly citation: string; readonly url: string };
  readonly terms: readonly Term[];
  readonly settings: readonly (NumberSetting | ChoiceSetting)[];
  readonly learned: readonly LearnedNumber[];
}

export function temperature(initial: number, id = 'temperature', of = ''): NumberSetting {
  return {
    id,
    kind: 'number',
    symbol: 'τ',
    label: `Temperature${of}`,
    meaning: 'Low: only the nearest wrong items count. High: all count alike.',
    initial,
    least: 0.005,
    most: 5,
    scale: 'log',
  };
}

export function weight(
  id: string,
  symbol: string,
  label: string,
  initial: number,
  most: number,
): NumberSetting {
  return {
    id,
    kind: 'number',
    symbol,
    label: `Weight of the ${label}`,
    meaning: `How much the ${label} counts; 0 leaves it out.`,
    initial,
    least: 0,
    most,
    scale: 'linear',
  };
}

export function offDiagonalWeight(initial: number): NumberSetting {
  return weight('offDiagonalWeight', 'λ', 'off-diagonal terms', initial, 0.1);
}

export function form(initial: string, meaning: string): ChoiceSetting {
  return {
    id: 'form',
    kind: 'choice',
    symbol: '',
    label: 'Form',
    meaning,
    initial,
    options: [
      { id: 'paper', label: 'As in the paper' },
      { id: 'code', label: 'As in the authors’ code' },
    ],
  };
}

export function logScale(learned: LearnedDefault): LearnedNumber {
  return {
    id: 'logScale',
    symbol: 't',
    label: 'Logit scale',
    meaning: 'The model learns its own temperature, 1/eᵗ.',
    ...learned,
  };
}
