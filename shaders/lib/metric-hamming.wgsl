// Hamming distance of packed bits: 128 positions a lane. A 32-bit float counts them exactly up to 2^24.
alias Lane = vec4u;

fn accumulate(sum: f32, a: vec4u, b: vec4u) -> f32 {
  let counts = countOneBits(a ^ b);
  return sum + f32(counts.x + counts.y + counts.z + counts.w);
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
