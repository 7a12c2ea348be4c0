import { type Scene, scenesAt } from '../world/scene.ts';
import type { RunSettings } from './settings.ts';

/** The scenes of one step; no two steps of a run share one. */
export function trainingScenes({ seed, batchSize, fixed }: RunSettings, step: number): Scene[] {
  return scenesAt(seed, step * batchSize, batchSize, { fixed });
}

/** Scenes that no run with a whole number as its seed is trained on, to probe it with. */
export function heldOutScenes(
  { seed, fixed }: Pick<RunSettings, 'seed' | 'fixed'>,
  count: number,
  from = 0,
): Scene[] {
  return scenesAt(seed + 0.5, from, count, { fixed });
}
