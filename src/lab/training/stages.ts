import type { Modality } from '../world/factors.ts';
import type { RunSettings } from './settings.ts';

/** A part of a run: the steps from `from` to before `to`. Each has an optimizer and a schedule of its own. */
export interface Stage {
  readonly from: number;
  readonly to: number;
  /** What its batches are of. */
  readonly draws: readonly Modality[];
  /** Whose parameters move. */
  readonly trains: readonly Modality[];
  /** What is embedded without a gradient. */
  readonly frozen: readonly Modality[];
  /** Whether the objective's own numbers, such as the logit scale, move. */
  readonly learns: boolean;
}

/**
 * One stage, and two for ImageBind: image and text learn from each other; then both are frozen, and each other modality learns from images alone, all
 * in one loss: their parameters are apart, so it is as if each had a run of its own, and the images are embedded once for all.
 */
export function stagesOf({ recipe, steps, modalities, firstStage }: RunSettings): readonly Stage[] {
  const bound = modalities.filter((modality) => modality !== 'image' && modality !== 'text');
  if (recipe !== 'image-bind' || bound.length === 0) {
    return [{ from: 0, to: steps, draws: modalities, trains: modalities, frozen: [], learns: true }];
  }
  const between = Math.round(steps * firstStage);
  const both: readonly Modality[] = ['image', 'text'];
  const first: Stage = { from: 0, to: between, draws: both, trains: both, frozen: [], learns: true };
  const second: Stage = {
    ...{ from: between, to: steps, frozen: ['image'], learns: false },
    draws: ['image', ...bound],
    trains: bound,
  };
  return [first, second].filter(({ from, to }) => to > from);
}
