// Hamming distance of bytes, four to a word: 16 positions a lane.
alias Lane = vec4u;

fn accumulate(sum: f32, a: vec4u, b: vec4u) -> f32 {
  let differing = a ^ b;
  // The top bit of each byte: its own, or what its low 7 bits carry into it unless they are 0. Nothing leaves a byte.
  let tops = (((differing & vec4u(0x7f7f7f7fu)) + 0x7f7f7f7fu) | differing) & vec4u(0x80808080u);
  // Moved apart, the bits of four words are counted at once.
  return sum + f32(i32(countOneBits(tops.x | (tops.y >> 1u) | (tops.z >> 2u) | (tops.w >> 3u))));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
