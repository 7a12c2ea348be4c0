// 32-bit floats as whole numbers in the same order, as searching by digits needs them (after Herf 2001, "Radix Tricks"):
// 2^31 and their size as bits, added or taken away. So −0 is 0, and the next key is the next float.

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);
const SIGN = 0x80000000;

/** The key of a 32-bit float: keys compare as their floats do, denormals too. */
export function keyOfFloat(value: number): number {
  floats[0] = value;
  const bits = words[0] ?? 0;
  return bits > SIGN ? 2 * SIGN - bits : SIGN + (bits % SIGN);
}

export function floatOfKey(key: number): number {
  words[0] = key >= SIGN ? key - SIGN : 2 * SIGN - key;
  return floats[0] ?? 0;
}

/** A 32-bit float is above `value`, a 64-bit one, exactly when it is above this. */
export function largestFloatAtMost(value: number): number {
  const nearest = Math.fround(value);
  return nearest > value ? floatOfKey(keyOfFloat(nearest) - 1) : nearest;
}
