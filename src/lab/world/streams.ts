import { createRandom, type Random } from '../../projection/random.ts';

const STREAMS = [
  'levels',
  'held-out',
  'exact',
  'caption',
  'image',
  'audio',
  'depth',
  'thermal',
  'imu',
  'views',
  'split',
  'order',
] as const;

/** What is drawn from a stream of its own, so that drawing more of one thing changes no other. */
export type Stream = (typeof STREAMS)[number];

/**
 * Numbers in [0, 1) that depend on seed, index and stream alone, whatever was drawn before and in whatever order.
 *
 * @param seed  any number
 * @param index of a scene, 0 … 2^53 − 1
 */
export function createStream(seed: number, index: number, stream: Stream): Random {
  const low = streamKey(seed, index, stream);
  const high = scramble(low ^ 0x5bd1e995) >>> 11;
  return createRandom(high * 2 ** 32 + low);
}

/** The same as one 32-bit word: the key of `noiseAt`. */
export function streamKey(seed: number, index: number, stream: Stream): number {
  // −0 has other bits than 0, and is the same seed to whoever types it.
  seedBits[0] = seed + 0;
  let key = scramble(STREAMS.indexOf(stream) + 1);
  key = scramble(key ^ (seedWords[0] ?? 0));
  key = scramble((key + 0x9e3779b9) ^ (seedWords[1] ?? 0));
  key = scramble((key + 0x9e3779b9) ^ (index >>> 0));
  return scramble((key + 0x9e3779b9) ^ Math.floor(index / 2 ** 32)) >>> 0;
}

/**
 * Number `i` of a stream of noise, near to standard normal (the sum of four bytes, mean 0, variance 1, at most ±3.45).
 * It needs no state, and some thousands of them for every scene cost little.
 */
export function noiseAt(key: number, i: number): number {
  const word = scramble(key + Math.imul(i + 1, 0x9e3779b9));
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return (sum - 510) * NOISE_SCALE;
}

// A byte has the variance (256² − 1) / 12.
const NOISE_SCALE = 1 / Math.sqrt((4 * (256 ** 2 - 1)) / 12);

const seedBits = new Float64Array(1);
const seedWords = new Uint32Array(seedBits.buffer);

/** Every bit of the result depends on every bit of the word (lowbias32, Chris Wellons, "Prospecting for hash functions", 2018). */
function scramble(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
