/** What can be said of a scene, and the levels that each factor has. Every level of a factor is drawn equally often, independent of the other factors. */
export const LEVELS = {
  shape: ['circle', 'square', 'triangle', 'star', 'cross', 'heart', 'moon', 'ring'],
  color: ['red', 'orange', 'yellow', 'green', 'cyan', 'blue', 'purple', 'pink'],
  size: ['small', 'medium', 'large'],
  position: [
    'top left',
    'top',
    'top right',
    'left',
    'center',
    'right',
    'bottom left',
    'bottom',
    'bottom right',
  ],
  distance: ['near', 'halfway', 'far'],
  texture: ['plain', 'stripes', 'dots', 'checks'],
  temperature: ['freezing', 'cold', 'warm', 'hot'],
  path: ['straight', 'circle', 'zigzag', 'square', 'eight', 'spiral'],
  speed: ['slow', 'steady', 'fast'],
  loudness: ['quiet', 'moderate', 'loud'],
} as const;

export type Factor = keyof typeof LEVELS;
export type Level<F extends Factor> = (typeof LEVELS)[F][number];
/** One level of each factor. */
export type Levels = { readonly [F in Factor]: Level<F> };

export const FACTORS: readonly Factor[] = [
  'shape',
  'color',
  'size',
  'position',
  'distance',
  'texture',
  'temperature',
  'path',
  'speed',
  'loudness',
];

export type Modality = 'image' | 'text' | 'audio' | 'depth' | 'thermal' | 'imu';

export const MODALITIES: readonly Modality[] = ['image', 'text', 'audio', 'depth', 'thermal', 'imu'];

/**
 * Which factors a modality shows. The others leave no trace in it: the same scene with another level of a hidden factor
 * gives the same bytes.
 */
export const SHOWS: Readonly<Record<Modality, readonly Factor[]>> = {
  image: ['shape', 'color', 'size', 'position', 'distance', 'texture', 'path', 'speed'],
  text: ['shape', 'color', 'size', 'position', 'temperature'],
  audio: ['shape', 'size', 'speed', 'loudness'],
  depth: ['shape', 'size', 'position', 'distance', 'path'],
  thermal: ['size', 'position', 'temperature'],
  imu: ['path', 'speed'],
};

/** What two modalities both show, in the order of `FACTORS`. */
export function sharedFactors(one: Modality, other: Modality): Factor[] {
  return FACTORS.filter((factor) => SHOWS[one].includes(factor) && SHOWS[other].includes(factor));
}

/**
 * What two modalities can learn of each other when each was bound to images only: what they share and the image shows too.
 * Text and thermal share the temperature, but no image tells it, so it is not among theirs.
 */
export function factorsThroughImage(one: Modality, other: Modality): Factor[] {
  return sharedFactors(one, other).filter((factor) => SHOWS.image.includes(factor));
}
