/** What the settings say of the items that a run's networks take. */
import { PICTURE_SCALE } from '../data/real-data.ts';
import { WORD_TOKENS } from '../data/words.ts';
import { SCALES, type Scale } from '../world/batch.ts';
import { CAPTION_TOKENS, tokenizeCaption, VOCABULARY } from '../world/caption.ts';
import { LEVELS } from '../world/factors.ts';
import type { RunSettings } from './settings.ts';

/** Of captions: how many different ids there are, how many a caption has, and the one that fills it up. */
export function textSettings({ data }: Pick<RunSettings, 'data'>) {
  return data
    ? { vocabulary: data.vocabulary.length, tokens: WORD_TOKENS, padding: 0 }
    : {
        vocabulary: VOCABULARY.length,
        tokens: CAPTION_TOKENS,
        padding: tokenizeCaption('').at(-1) ?? 0,
      };
}

/** Classes that a supervised run tells apart. */
export function classCount({ data, target }: Pick<RunSettings, 'data' | 'target'>): number {
  return data ? data.labels.length : LEVELS[target].length;
}

/** What images are scaled by. */
export function imageScale({ data }: Pick<RunSettings, 'data'>): Scale {
  return data ? PICTURE_SCALE : SCALES.image;
}
