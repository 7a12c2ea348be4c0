/** Gives numbers in [0, 1), one after the other. */
export type Random = () => number;

/**
 * A seeded pseudo-random generator (sfc32, Chris Doty-Humphrey, PractRand): the same seed gives the same numbers on
 * every machine. Any finite or non-finite number is a seed; its 64 bits are the state that it starts from.
 */
export function createRandom(seed: number): Random {
  const words = new Uint32Array(new Float64Array([seed]).buffer);
  let a = words[0] ?? 0;
  let b = words[1] ?? 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Seeds that differ in a few bits start alike; twelve rounds spread them over the whole state.
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** A number from the standard normal distribution (Box and Muller 1958). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
