// Hamming distance of packed bits: 128 positions a lane. A 32-bit float counts them exactly up to 2^24.
alias Lane = vec4u;

fn accumulate(sum: f32, a: vec4u, b: vec4u) -> f32 {
  let differing = a ^ b;
  // Three words added bit by bit: the ones and the carries are two words, and counting is what costs.
  let half = differing.x ^ differing.y;
  let ones = half ^ differing.z;
  let carries = (differing.x & differing.y) | (half & differing.z);
  let twos = countOneBits(carries);
  return sum + f32(i32(countOneBits(ones) + countOneBits(differing.w) + twos + twos));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
