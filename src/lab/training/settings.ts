import type { RealData } from '../data/real-data.ts';
import type { AdamWSettings } from '../optimizer/adam-w.ts';
import type { ViewSettings } from '../views/draw-views.ts';
import type { Factor, Levels, Modality } from '../world/factors.ts';

/** What learns: an objective together with the encoders, heads and data that it wants. */
export type RecipeId =
  | 'simclr'
  | 'vicreg'
  | 'barlow-twins'
  | 'clip'
  | 'siglip'
  | 'image-bind'
  | 'decur'
  | 'supervised';

/** All that makes a run, as plain data: the same settings on the same backend give the same run. */
export interface RunSettings {
  readonly recipe: RecipeId;
  /** Of the scenes, the initial parameters and the views. */
  readonly seed: number;
  /** Updates of the parameters, all stages together. */
  readonly steps: number;
  readonly batchSize: number;
  /** Batches that the device's memory did not hold, each in the steps before `until`, in order; the later steps have `batchSize`. */
  readonly earlierBatches?: readonly { readonly until: number; readonly batchSize: number }[];
  /** Pixels of image, depth and thermal. */
  readonly side: number;
  /** Multiplies the channels of the convolutional encoders; at 1 each has about 0.2 M parameters. */
  readonly size: number;
  /** Numbers in an embedding, as the probes and the map see it. */
  readonly width: number;
  /** Numbers that the head (projection head, expander, projector) gives, which the loss sees; 0: no head. A supervised run has as many as classes. */
  readonly headWidth: number;
  /** Peak of the learning rate, after the warm-up and before the cosine. */
  readonly rate: number;
  /** Of each stage. */
  readonly warmupSteps: number;
  readonly optimizer: Partial<AdamWSettings>;
  /** Real pictures in place of the made-up world; none unless told. */
  readonly data?: RealData;
  /** What the encoders learn from; the image first, where there is one. */
  readonly modalities: readonly Modality[];
  /** Of the objective, by the ids in its catalogue entry; of what it learns, where that begins. */
  readonly objective: Readonly<Record<string, number | string>>;
  readonly views: ViewSettings;
  /** What a supervised run is told. */
  readonly target: Factor;
  /** Each caption goes with a picture that is not its own. */
  readonly shuffled: boolean;
  /** ImageBind: modalities that are bound to pictures that are not their own, so to nothing shared. */
  readonly unbound: readonly Modality[];
  /** ImageBind: the part of the steps in which image and text learn from each other, before both are frozen; in 0..1. */
  readonly firstStage: number;
  /** Levels that are the same in all scenes: a smaller world is learned sooner. */
  readonly fixed: Partial<Levels>;
}
