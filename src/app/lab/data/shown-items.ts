/** The held-out items of a run as the page shows them, be they scenes of the world or pictures. */
import type { RgbaImage } from '../../../common/image.ts';
import { knownAmong, splitPictures } from '../../../lab/data/picture-source.ts';
import { NO_LABEL, PICTURE_SIDE, type PictureSet, pickPictures } from '../../../lab/data/pictures.ts';
import type { RunSettings } from '../../../lab/training/settings.ts';
import { renderCaption } from '../../../lab/world/caption.ts';
import { pictureOf } from '../../../lab/world/display.ts';
import type { Factor, Modality } from '../../../lab/world/factors.ts';
import { labelsOf } from '../../../lab/world/scene.ts';
import type { ProbedPictures } from '../probing-work.ts';
import { scenesOf } from '../scenes.ts';
import { HELD_OUT } from '../state.ts';
import { pictureSetOf } from './picture-sets.ts';

export interface ShownItems {
  readonly count: number;
  caption(at: number): string;
  /** 64 pixels a side. */
  picture(at: number, modality: Exclude<Modality, 'text'>): RgbaImage | undefined;
  /** What they are colored by: of each the place of its level; `NO_LABEL` where it has none. */
  levels(color: Factor): Uint8Array;
}

const SIDE = 64;

export function shownItems(settings: RunSettings): ShownItems {
  if (settings.data) return heldOutPictures(settings) ?? missing;
  const scenes = scenesOf(settings);
  return {
    count: scenes.length,
    caption: (at) => {
      const scene = scenes[at];
      return scene ? renderCaption(scene) : '';
    },
    picture: (at, modality) => {
      const scene = scenes[at];
      return scene && pictureOf(scene, modality, SIDE);
    },
    levels: (color) => labelsOf(scenes, color),
  };
}

/** Of a kept run whose pictures are not here: places without a picture. */
const missing: ShownItems = {
  count: HELD_OUT,
  caption: () => '',
  picture: () => undefined,
  levels: () => new Uint8Array(HELD_OUT).fill(NO_LABEL),
};

function heldOutPictures(settings: RunSettings): ShownItems | undefined {
  const set = probedPictures(settings)?.heldOut;
  return (
    set && {
      count: set.captions.length,
      caption: (at) => set.captions[at] ?? '',
      picture: (at) => pictureAt(set, at),
      levels: () => set.labels,
    }
  );
}

/** The pictures that a run is probed with; undefined where they are not here, or it learns from the world. */
export function probedPictures(settings: RunSettings): ProbedPictures | undefined {
  const { data } = settings;
  const set = data && pictureSetOf(data);
  if (!set) return undefined;
  const key = JSON.stringify([data.hash, settings.recipe, settings.modalities, settings.seed]);
  if (made?.key === key) return made.pictures;
  const split = splitPictures(set, settings);
  const pictures = {
    heldOut: pickPictures(set, split.heldOut),
    known: pickPictures(set, knownAmong(set, split).slice(0, HELD_OUT)),
  };
  made = { key, pictures };
  return pictures;
}

let made: { readonly key: string; readonly pictures: ProbedPictures } | undefined;

export function pictureAt({ pixels }: PictureSet, place: number): RgbaImage {
  const size = PICTURE_SIDE * PICTURE_SIDE;
  const data = new Uint8ClampedArray(size * 4).fill(255);
  for (let pixel = 0; pixel < size; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * 4 + channel] = pixels[(place * size + pixel) * 3 + channel] ?? 0;
    }
  }
  return { data, width: PICTURE_SIDE, height: PICTURE_SIDE };
}
