import type { AdamWState } from '../optimizer/adam-w.ts';
import type { Modality } from '../world/factors.ts';
import type { Scene } from '../world/scene.ts';
import type { RunSettings } from './settings.ts';

/** What one step was. */
export interface StepNumbers {
  /** Steps taken, this one included. */
  readonly step: number;
  /** Learning rate of this step. */
  readonly rate: number;
  readonly total: number;
  /** Of the objective, before they are weighted. */
  readonly terms: Readonly<Record<string, number>>;
  readonly weights: Readonly<Record<string, number>>;
  /** Numbers that the objective learned, such as the logit scale, after the step. */
  readonly learned: Readonly<Record<string, number>>;
}

/** Everything that a run goes on from: imported into a learner of the same settings, its next steps are the same to the bit. */
export interface LearnerState {
  readonly settings: RunSettings;
  readonly step: number;
  /** By name, row-major: encoders, heads and what the objective learned. */
  readonly parameters: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly values: Float32Array }
  >;
  readonly optimizer: AdamWState;
}

/** Embeddings, row-major. */
export interface Rows {
  readonly values: Float32Array;
  readonly count: number;
  readonly width: number;
}

/** A model that is being trained, on the backend that is set. One call at a time. Its items are what its source has, scenes of the world unless told. */
export interface Learner<Item = Scene> {
  readonly settings: RunSettings;
  /** Steps taken. */
  readonly steps: number;
  /** Draws a batch, takes the gradient and moves the parameters. Its batch is a function of the seed and the step alone. */
  step(): Promise<StepNumbers>;
  /** @returns undefined when it was given up, on wasm or cpu, before anything had moved: the next one is then the same step */
  step(isUnwanted: (() => boolean) | undefined): Promise<StepNumbers | undefined>;
  /**
   * @param of `embedding` is what the encoder gives, which the probes and the map see; `projection` what the loss sees; `view` that of a view,
   *   the same one for the same items each time, where the recipe learns from views
   * @returns n × width, not normalized; in pieces of bounded size, so that n may be large
   */
  embed(modality: Modality, items: readonly Item[], of?: 'embedding' | 'projection' | 'view'): Promise<Rows>;
  /** @returns undefined when it was given up */
  embed(
    modality: Modality,
    items: readonly Item[],
    of: 'embedding' | 'projection' | 'view',
    isUnwanted: (() => boolean) | undefined,
  ): Promise<Rows | undefined>;
  exportState(): Promise<LearnerState>;
  /** @throws {RangeError} when it is of another model; nothing has changed then */
  importState(state: LearnerState): void;
  dispose(): void;
}
