import { heldOutScenes, trainingScenes } from '../training/scenes.ts';
import type { RunSettings } from '../training/settings.ts';
import { captionBatch, renderBatch } from '../world/batch.ts';
import type { Modality } from '../world/factors.ts';
import { labelsOf, type Scene } from '../world/scene.ts';

/** Items of one modality, row-major; ids where it is the text. */
export interface Items {
  readonly values: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** What runs learn from: the same settings and step give the same items. */
export interface Source<Item> {
  /** Of one step. */
  training(settings: RunSettings, step: number): readonly Item[];
  /** Items that steps have and that have a label, at most so many, for probes to learn from; none where what is held out is enough. */
  known(settings: RunSettings, most: number): readonly Item[];
  /** Items that no step has, at most so many. */
  heldOut(settings: RunSettings, most: number): readonly Item[];
  render(settings: RunSettings, modality: Modality, items: readonly Item[]): Items;
  /** What a supervised run is told of each, from 0. */
  labels(settings: RunSettings, items: readonly Item[]): Uint8Array;
}

/** The made-up world: endless, so that no scene comes twice. */
export const world: Source<Scene> = {
  training: trainingScenes,
  known: () => [],
  heldOut: heldOutScenes,
  render: ({ side }, modality, scenes) =>
    modality === 'text' ? captionBatch(scenes) : renderBatch(modality, scenes, side),
  labels: ({ target }, scenes) => labelsOf(scenes, target),
};
