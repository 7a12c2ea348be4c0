/** Pictures with their words and labels, ready to be learned from. Plain data. */
import type { RgbaImage } from '../../common/image.ts';
import { Sha256 } from '../../common/sha256.ts';
import type { RealData } from './real-data.ts';
import { vocabularyOf, wordsOf } from './words.ts';

/** Pixels of a picture's side as it is kept: as many as a run may have at most. */
export const PICTURE_SIDE = 64;
/** 12 kB each: 25 MB. */
export const MOST_PICTURES = 2048;
/** In place of a label. */
export const NO_LABEL = 255;

export interface PictureSet {
  readonly data: RealData;
  /** count × 64 × 64 × 3, red, green, blue from 0 to 255. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** What each says of itself, for people. */
  readonly captions: readonly string[];
  /** The words of each. */
  readonly words: readonly (readonly string[])[];
  /** Of each, as its place in the names of `data`; `NO_LABEL` where it has none. */
  readonly labels: Uint8Array<ArrayBuffer>;
}

export interface LabPicture {
  /** SHA-256 of its file. */
  readonly id: string;
  readonly name: string;
  /** Words that came with it, or the folder that it lies in. */
  readonly tags: readonly string[];
  /** What it is one of. */
  readonly label: string | undefined;
  /** 64 × 64, opaque. */
  readonly pixels: RgbaImage;
}

// A class of fewer is one picture in what is held out; ten colors are told apart.
const LEAST_OF_LABEL = 5;
const MOST_LABELS = 10;

export function makePictureSet(kind: RealData['kind'], pictures: readonly LabPicture[]): PictureSet {
  const count = pictures.length;
  const pixels = new Uint8Array(count * PICTURE_SIDE * PICTURE_SIDE * 3);
  const hash = new Sha256();
  const text = new TextEncoder();
  const words = pictures.map(({ name, tags }) => wordsOf([name.replace(/\.[^.]{1,5}$/, ''), ...tags]));
  pictures.forEach(({ id, label, pixels: own }, at) => {
    hash.update(text.encode(JSON.stringify([id, label ?? '', words[at]])));
    takeRgb(own, pixels.subarray(at * PICTURE_SIDE * PICTURE_SIDE * 3));
  });
  const vocabulary = vocabularyOf(words);
  const names = labelsOf(pictures);
  const labels = Uint8Array.from(pictures, ({ label }) => {
    const at = label === undefined ? -1 : names.indexOf(label);
    return at < 0 ? NO_LABEL : at;
  });
  const known = new Set(vocabulary);
  return {
    data: {
      ...{ kind, hash: hash.hex(), count, vocabulary, labels: names },
      worded: words.filter((each) => hasKnown(each, known)).length,
      labeled: labels.filter((label) => label !== NO_LABEL).length,
    },
    captions: pictures.map(({ name, tags }) => [name, ...tags].join(', ')),
    ...{ pixels, words, labels },
  };
}

function takeRgb({ data }: RgbaImage, rgb: Uint8Array): void {
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[from + 1] ?? 0;
    rgb[to + 2] = data[from + 2] ?? 0;
  }
}

/** Some pictures of a set, as one that knows the same words and labels. */
export function pickPictures(set: PictureSet, places: readonly number[]): PictureSet {
  const bytes = PICTURE_SIDE * PICTURE_SIDE * 3;
  const pixels = new Uint8Array(places.length * bytes);
  places.forEach((place, at) => {
    pixels.set(set.pixels.subarray(place * bytes, (place + 1) * bytes), at * bytes);
  });
  return {
    ...{ data: set.data, pixels },
    captions: places.map((place) => set.captions[place] ?? ''),
    words: places.map((place) => set.words[place] ?? []),
    labels: Uint8Array.from(places, (place) => set.labels[place] ?? NO_LABEL),
  };
}

/** Whether a caption has a word that the encoder knows. */
export function hasKnown(words: readonly string[], known: ReadonlySet<string>): boolean {
  return words.some((word) => known.has(word));
}

function labelsOf(pictures: readonly LabPicture[]): string[] {
  const counts = new Map<string, number>();
  for (const { label } of pictures) if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= LEAST_OF_LABEL)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, MOST_LABELS)
    .map(([label]) => label);
}
