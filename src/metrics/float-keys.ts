// 32-bit floats as whole numbers in the same order, as sorting by digits needs them (Herf 2001, "Radix Tricks").

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);
const SIGN = 0x80000000;

/** The key of a 32-bit float: keys compare as their floats do, denormals too; −0 has the key of 0. */
export function keyOfFloat(value: number): number {
  floats[0] = value;
  const bits = words[0] ?? 0;
  return (bits > SIGN ? ~bits : bits | SIGN) >>> 0;
}

export function floatOfKey(key: number): number {
  words[0] = key >= SIGN ? key ^ SIGN : ~key;
  return floats[0] ?? 0;
}

/** A 32-bit float is above `value`, a 64-bit one, exactly when it is above this. */
export function largestFloatAtMost(value: number): number {
  const nearest = Math.fround(value);
  return nearest > value ? floatOfKey(keyOfFloat(nearest) - 1) : nearest;
}
