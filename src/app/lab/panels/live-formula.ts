/** A formula with the numbers of a step put in. */
import type { Objective } from '../../../lab/objectives/description.ts';
import type { LabRun } from '../state.ts';
import { isLogScale } from './loss-columns.ts';
import { numberText, plainNumber } from './number-words.ts';
import { objectiveOf } from './recipe-objective.ts';

/** weight · term, as the total has it. */
export interface Addend {
  readonly id: string;
  /** As the formula writes it, with its weight: "λ s". */
  readonly symbol: string;
  readonly label: string;
  readonly meaning: string;
  readonly weight: number;
  readonly value: number;
  readonly product: number;
  /** Of all addends by size, without their signs; in 0..1. */
  readonly share: number;
  /** Whether it is weighted otherwise than by default. */
  readonly isChanged: boolean;
}

export interface Equation {
  readonly step: number;
  readonly total: number;
  readonly addends: readonly Addend[];
  /** Terms that earlier steps had and this one has not, as in another stage. */
  readonly absent: readonly string[];
}

/** The last step's loss as the sum that it is; undefined before the first. */
export function equationOf(run: LabRun): Equation | undefined {
  const { settings, curves, weights } = run;
  const step = curves.steps.at(-1);
  const total = curves.total.at(-1);
  if (step === undefined || total === undefined) return undefined;
  const objective = objectiveOf(settings.recipe);
  const values = Object.entries(curves.terms).map(([id, column]) => ({
    id,
    value: column.at(-1) ?? Number.NaN,
  }));
  // Where the total is no number, its terms may be none either: then they belong here.
  const here = values.filter(({ value }) => Number.isFinite(value) || !Number.isFinite(total));
  const changed = new Set(settingsOf(run).flatMap((each) => (each.changedFrom === undefined ? [] : each.id)));
  const products = here.map(({ id, value }) => (weights[id] ?? 1) * value);
  const whole = products.reduce((sum, product) => sum + Math.abs(product), 0);
  return {
    step,
    total,
    addends: here.map(({ id, value }, at) => {
      const term = objective.terms.find((each) => each.id === id);
      const weight = weights[id] ?? 1;
      const product = products[at] ?? Number.NaN;
      return {
        id,
        symbol: [weightSymbol(objective, id, weight), term?.symbol ?? id].filter(Boolean).join(' '),
        label: term?.label ?? id,
        meaning: term?.meaning ?? '',
        weight,
        value,
        product,
        share: whole > 0 ? Math.abs(product) / whole : 0,
        isChanged: changed.has(`${id}Weight`),
      };
    }),
    absent: values
      .filter((each) => !here.includes(each))
      .map(({ id }) => objective.terms.find((term) => term.id === id)?.label ?? id),
  };
}

/** The equation as it is read aloud. */
export function equationText({ step, total, addends }: Equation): string {
  const sum = addends.map(({ label, weight, value }) => `${productText(weight, value)} (${label})`);
  return `At step ${step.toLocaleString('en-US')}: ${numberText(total)} = ${sum.join(' + ')}`;
}

/** "25 · 0.084", "−1.80"; in parentheses where a minus would meet the dot. */
export function productText(weight: number, value: number): string {
  if (weight === 1) return numberText(value);
  return `${plainNumber(weight)} · ${value < 0 ? `(${numberText(value)})` : numberText(value)}`;
}

/** A setting or a learned number of the objective, as this run has it. */
export interface Value {
  readonly id: string;
  readonly symbol: string;
  readonly label: string;
  readonly meaning: string;
  readonly text: string;
  /** What it is where nobody changes it; undefined where it is that. */
  readonly changedFrom: string | undefined;
}

/** What the objective was told. */
export function settingsOf({ settings }: LabRun): readonly Value[] {
  return objectiveOf(settings.recipe)
    .settings.filter(({ id }) => concerns(id, settings.modalities))
    .map((setting) => {
      const now = settings.objective[setting.id] ?? setting.initial;
      const words = (value: number | string): string => {
        if (typeof value === 'number') return plainNumber(value);
        const options = setting.kind === 'choice' ? setting.options : [];
        return options.find(({ id }) => id === value)?.label ?? value;
      };
      const { id, symbol, label, meaning, initial } = setting;
      return {
        id,
        symbol,
        label,
        meaning,
        text: words(now),
        changedFrom: now === initial ? undefined : words(initial),
      };
    });
}

/** What the objective has learned so far. */
export function learnedOf({ settings, curves }: LabRun): readonly Value[] {
  return objectiveOf(settings.recipe).learned.flatMap(({ id, symbol, label, meaning }) => {
    const value = curves.learned[id]?.at(-1);
    if (value === undefined) return [];
    const meant = isLogScale(id) ? `, temperature ${numberText(Math.exp(-value))}` : '';
    return [{ id, symbol, label, meaning, text: numberText(value) + meant, changedFrom: undefined }];
  });
}

/** A setting of one modality concerns a run that has it; ImageBind's temperature of texts is learned instead. */
function concerns(id: string, modalities: readonly string[]): boolean {
  const [group, of] = id.split('.');
  return group !== 'temperatures' || (of !== undefined && of !== 'text' && modalities.includes(of));
}

function weightSymbol({ settings }: Objective, term: string, weight: number): string {
  const setting = settings.find(({ id }) => id === `${term}Weight`);
  if (setting) return setting.symbol;
  return weight === 1 ? '' : weight === 0.5 ? '½' : plainNumber(weight);
}
