/** Real pictures as runs learn from them. */
import type { Random } from '../../projection/random.ts';
import { batchSizeAt } from '../training/batch-size.ts';
import type { RunSettings } from '../training/settings.ts';
import { createStream } from '../world/streams.ts';
import { hasKnown, NO_LABEL, PICTURE_SIDE, type PictureSet } from './pictures.ts';
import { heldOutCount, PICTURE_SCALE } from './real-data.ts';
import { shrinkPicture } from './shrink.ts';
import type { Source } from './source.ts';
import { createTokenizer, WORD_TOKENS } from './words.ts';

type SplitSettings = Pick<RunSettings, 'recipe' | 'modalities' | 'seed'>;

/**
 * Pictures by their places in the set. A step has different ones; after all that fill whole batches were seen, they come in
 * another order. Which are held out depends on the seed alone, as long as the same ones can be used.
 */
export function createPictureSource(set: PictureSet): Source<number> {
  const tokenize = createTokenizer(set.data.vocabulary);
  let known: { readonly key: string; readonly split: Split } | undefined;
  const splitOf = (settings: SplitSettings): Split => {
    const key = JSON.stringify([settings.recipe, settings.modalities, settings.seed]);
    if (known?.key !== key) known = { key, split: splitPictures(set, settings) };
    return known.split;
  };
  return {
    training(settings, step) {
      const { training } = splitOf(settings);
      const size = batchSizeAt(settings, step);
      const batches = Math.max(1, Math.floor(training.length / size));
      const order = shuffle(training, createStream(settings.seed, Math.floor(step / batches), 'order'));
      const from = (step % batches) * size;
      return order.slice(from, from + size);
    },
    known: (settings, most) => knownAmong(set, splitOf(settings)).slice(0, most),
    heldOut: (settings, most) => splitOf(settings).heldOut.slice(0, most),
    render({ side }, modality, items) {
      if (modality === 'text') {
        const values = new Int32Array(items.length * WORD_TOKENS);
        items.forEach((item, at) => {
          values.set(tokenize(set.words[item] ?? []), at * WORD_TOKENS);
        });
        return { values, shape: [items.length, WORD_TOKENS] };
      }
      if (modality !== 'image') throw new RangeError(`Pictures have no ${modality}.`);
      return { values: renderPictures(set.pixels, items, side), shape: [items.length, side, side, 3] };
    },
    labels: (_, items) => Uint8Array.from(items, (item) => set.labels[item] ?? NO_LABEL),
  };
}

export interface Split {
  readonly training: readonly number[];
  /** At most 256 of them, and at most a fifth. */
  readonly heldOut: readonly number[];
}

/** Places in the set: what is trained on and what is not, among those that the run can use. */
export function splitPictures(set: PictureSet, { recipe, modalities, seed }: SplitSettings): Split {
  const known = new Set(set.data.vocabulary);
  const all = Array.from({ length: set.data.count }, (_, at) => at);
  // Shuffled before some are left out: then two runs of one seed hold out nearly the same.
  const usable = shuffle(all, createStream(seed, 0, 'split')).filter((at) =>
    modalities.includes('text')
      ? hasKnown(set.words[at] ?? [], known)
      : recipe !== 'supervised' || set.labels[at] !== NO_LABEL,
  );
  const count = heldOutCount(usable.length);
  return { heldOut: usable.slice(0, count), training: usable.slice(count) };
}

/** Those that are trained on and have a label. */
export function knownAmong(set: PictureSet, { training }: Split): number[] {
  return training.filter((at) => set.labels[at] !== NO_LABEL);
}

/** n × side × side × 3 by `PICTURE_SCALE`. */
function renderPictures(
  pixels: Uint8Array,
  items: readonly number[],
  side: number,
): Float32Array<ArrayBuffer> {
  const size = side * side * 3;
  const values = new Float32Array(items.length * size);
  const { mean, deviation } = PICTURE_SCALE;
  const bytes = PICTURE_SIDE * PICTURE_SIDE * 3;
  items.forEach((item, at) => {
    const shrunk = shrinkPicture(
      pixels.subarray(item * bytes, (item + 1) * bytes),
      PICTURE_SIDE,
      side,
      values.subarray(at * size, (at + 1) * size),
    );
    for (let place = 0; place < size; place++) {
      const channel = place % 3;
      shrunk[place] = ((shrunk[place] ?? 0) / 255 - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
    }
  });
  return values;
}

/** Fisher and Yates. */
function shuffle(all: readonly number[], random: Random): number[] {
  const shuffled = [...all];
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const moved = shuffled[at] ?? 0;
    shuffled[at] = shuffled[other] ?? 0;
    shuffled[other] = moved;
  }
  return shuffled;
}
