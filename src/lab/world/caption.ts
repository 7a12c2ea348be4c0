import type { Random } from '../../projection/random.ts';
import type { Level, Levels } from './factors.ts';
import type { Scene } from './scene.ts';
import { createStream } from './streams.ts';

/** Ids in a caption, with the first and the last that frame it; shorter ones are filled with `PAD`. */
export const CAPTION_TOKENS = 20;

const PAD = '<pad>';
const START = '<start>';
const END = '<end>';
const UNKNOWN = '<unknown>';

type SaidFactor = 'shape' | 'color' | 'size' | 'position' | 'temperature';

/** Every way to say a level; the first is the level's name where one can say it so. */
const WORDS: { readonly [F in SaidFactor]: Readonly<Record<Level<F>, readonly [string, ...string[]]>> } = {
  shape: {
    circle: ['circle', 'disk'],
    square: ['square', 'box'],
    triangle: ['triangle'],
    star: ['star'],
    cross: ['cross', 'plus'],
    heart: ['heart'],
    moon: ['moon', 'crescent'],
    ring: ['ring', 'hoop'],
  },
  color: {
    red: ['red'],
    orange: ['orange'],
    yellow: ['yellow'],
    green: ['green'],
    cyan: ['cyan', 'turquoise'],
    blue: ['blue'],
    purple: ['purple', 'violet'],
    pink: ['pink', 'rose'],
  },
  size: {
    small: ['small', 'little'],
    medium: ['medium', 'middling'],
    large: ['large', 'big'],
  },
  position: {
    'top left': ['at the top left', 'in the upper left corner'],
    top: ['at the top', 'up in the middle'],
    'top right': ['at the top right', 'in the upper right corner'],
    left: ['on the left', 'at the left side'],
    center: ['in the center', 'right in the middle'],
    right: ['on the right', 'at the right side'],
    'bottom left': ['at the bottom left', 'in the lower left corner'],
    bottom: ['at the bottom', 'down in the middle'],
    'bottom right': ['at the bottom right', 'in the lower right corner'],
  },
  temperature: {
    freezing: ['freezing', 'icy'],
    cold: ['cold', 'chilly'],
    warm: ['warm', 'heated'],
    hot: ['hot', 'burning'],
  },
};

type Said = Readonly<Record<SaidFactor, string>>;

/** Each says all five: a caption hides nothing that the table says it shows. */
const PHRASINGS: readonly [(said: Said) => string, ...((said: Said) => string)[]] = [
  ({ size, temperature, color, shape, position }) => `a ${size} ${temperature} ${color} ${shape} ${position}`,
  ({ size, temperature, color, shape, position }) =>
    `a ${temperature} ${color} ${shape} ${position} , ${size}`,
  ({ size, temperature, color, shape, position }) =>
    `${position} there is a ${size} ${color} ${shape} , ${temperature}`,
  ({ size, temperature, color, shape, position }) =>
    `the ${color} ${shape} ${position} is ${size} and ${temperature}`,
  ({ size, temperature, color, shape, position }) =>
    `${position} we see a ${shape} that is ${color} , ${size} and ${temperature}`,
  ({ size, temperature, color, shape, position }) =>
    `this ${shape} ${position} is ${temperature} , ${size} and ${color}`,
];

const FRAME_WORDS = ['a', 'an', 'and', 'is', 'see', 'that', 'the', 'there', 'this', 'we', ','];

/** Every token by its id: first the four that frame and fill, then words in alphabetical order. */
export const VOCABULARY: readonly string[] = [
  PAD,
  START,
  END,
  UNKNOWN,
  ...[
    ...new Set([
      ...FRAME_WORDS,
      ...Object.values(WORDS).flatMap((levels) =>
        Object.values(levels).flatMap((ways: readonly string[]) => ways.flatMap((way) => way.split(' '))),
      ),
    ]),
  ].sort(),
];

const ids = new Map(VOCABULARY.map((word, id) => [word, id]));

/** One of the scene's captions: a phrasing and words of its own, drawn from the stream `caption`. Lower case, no full stop. */
export function renderCaption(scene: Scene): string {
  const random = createStream(scene.seed, scene.index, 'caption');
  const phrasing = choose(PHRASINGS, random);
  const text = phrasing(say(scene.levels, random));
  return text.replaceAll(/\ba (?=[aeiou])/g, 'an ').replaceAll(' ,', ',');
}

/**
 * The ids that a text model sees: start, words, end, and `PAD` to `CAPTION_TOKENS`. Words outside the vocabulary
 * become `<unknown>`; what is too long is cut before the end. Case and full stops do not matter.
 */
export function tokenizeCaption(caption: string): Int32Array<ArrayBuffer> {
  const tokens = new Int32Array(CAPTION_TOKENS).fill(idOf(PAD));
  const words = caption.toLowerCase().match(/[\p{L}\p{N}]+|,/gu) ?? [];
  const kept = words.slice(0, CAPTION_TOKENS - 2);
  tokens[0] = idOf(START);
  kept.forEach((word, i) => {
    tokens[i + 1] = idOf(word);
  });
  tokens[kept.length + 1] = idOf(END);
  return tokens;
}

function say(levels: Levels, random: Random): Said {
  return {
    shape: choose(WORDS.shape[levels.shape], random),
    color: choose(WORDS.color[levels.color], random),
    size: choose(WORDS.size[levels.size], random),
    position: choose(WORDS.position[levels.position], random),
    temperature: choose(WORDS.temperature[levels.temperature], random),
  };
}

function choose<T>(from: readonly [T, ...T[]], random: Random): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

function idOf(word: string): number {
  return ids.get(word) ?? ids.get(UNKNOWN) ?? 0;
}
