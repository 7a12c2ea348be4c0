import type { ProbeSettings } from '../../lab/probes/report.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import type { Modality } from '../../lab/world/factors.ts';

/**
 * What the probes are to know of a run: which modalities learn from each other, and which dimensions they share.
 *
 * @param seen numbers that the snapshot has of what the loss compares; common dimensions are of the head's only
 */
export function probeSettingsOf(settings: RunSettings, seen: number): ProbeSettings {
  const { recipe, objective, headWidth, width } = settings;
  const share = objective.commonShare;
  return {
    trained: trainedPairs(settings),
    ...(recipe === 'decur' &&
      typeof share === 'number' &&
      seen === (headWidth || width) && { common: Math.round(share * seen) }),
  };
}

function trainedPairs({
  recipe,
  modalities,
  shuffled,
  unbound,
}: RunSettings): readonly (readonly [Modality, Modality])[] {
  const [first, second] = modalities;
  switch (recipe) {
    case 'image-bind':
      return modalities
        .filter((modality) => modality !== 'image' && !unbound.includes(modality))
        .map((modality) => ['image', modality] as const);
    case 'clip':
    case 'siglip':
    case 'decur':
      return first && second && !shuffled ? [[first, second]] : [];
    default:
      return [];
  }
}
