import { type Scene, scenesAt } from '../world/scene.ts';
import { batchSizeAt, scenesBefore } from './batch-size.ts';
import type { RunSettings } from './settings.ts';

/** The scenes of one step; no two steps of a run share one. */
export function trainingScenes(settings: RunSettings, step: number): Scene[] {
  const { seed, fixed } = settings;
  return scenesAt(seed, scenesBefore(settings, step), batchSizeAt(settings, step), { fixed });
}

/** Scenes that no run with a whole number as its seed is trained on, to probe it with. */
export function heldOutScenes(
  { seed, fixed }: Pick<RunSettings, 'seed' | 'fixed'>,
  count: number,
  from = 0,
): Scene[] {
  return scenesAt(seed + 0.5, from, count, { fixed });
}
