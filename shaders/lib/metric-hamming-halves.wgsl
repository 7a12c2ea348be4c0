// Hamming distance of 16-bit numbers, two to a word: 8 positions a lane.
alias Lane = vec4u;

fn accumulate(sum: f32, a: vec4u, b: vec4u) -> f32 {
  let differing = a ^ b;
  // The top bit of each half: its own, or what its low 15 bits carry into it unless they are 0. Nothing leaves a half.
  let tops = (((differing & vec4u(0x7fff7fffu)) + 0x7fff7fffu) | differing) & vec4u(0x80008000u);
  // Moved apart, the bits of four words are counted at once.
  return sum + f32(i32(countOneBits(tops.x | (tops.y >> 1u) | (tops.z >> 2u) | (tops.w >> 3u))));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
