// A cosine as a whole number, 4 bytes: 2^31 plus 2^30 times its value. 0 stands for "none yet", larger is more alike,
// and differences are exact. The grid of 2^-30 is as fine as the cosines are accurate.
const KEY_GRID = 1073741824.0;
const KEY_ZERO = 0x80000000u;

// The high part is a multiple of 2^-22: it meets the grid without rounding.
fn cosineKey(high: f32, low: f32) -> u32 {
  return KEY_ZERO + bitcast<u32>(i32(high * KEY_GRID) + i32(round(low * KEY_GRID)));
}

fn cosineOf(key: u32) -> f32 { return f32(bitcast<i32>(key - KEY_ZERO)) / KEY_GRID; }

// e to the difference of two logits, the second being the larger.
fn relativePower(key: u32, largest: u32, scale: f32) -> f32 {
  return exp(-(scale / KEY_GRID) * f32(largest - key));
}
