import type { RunSettings } from '../training/settings.ts';

/** What of a run the explorer can use. It begins the names of the parameters: `image.stage0.convolution.weight`. */
export type Part = 'image' | 'text';

const PARTS: readonly Part[] = ['image', 'text'];

/** Of what a run learned, the parts that can embed pictures and texts of the explorer; none for a run of sounds, say. */
export function partsOf({ modalities }: Pick<RunSettings, 'modalities'>): readonly Part[] {
  return PARTS.filter((part) => modalities.includes(part));
}
