// Hamming distance of packed bits: 128 positions a lane. A 32-bit float counts them exactly up to 2^24.
alias Lane = vec4u;

fn accumulate(sum: f32, a: vec4u, b: vec4u) -> f32 {
  let differing = a ^ b;
  // Three words added bit by bit: the ones and the carries are two words, and counting is what costs.
  let half = differing.x ^ differing.y;
  let ones = half ^ differing.z;
  let carries = (differing.x & differing.y) | (half & differing.z);
  let counts = vec3f(vec3i(countOneBits(vec3u(ones, differing.w, carries))));
  return sum + dot(counts, vec3f(1.0, 1.0, 2.0));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
