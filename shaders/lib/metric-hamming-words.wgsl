// Hamming distance of 32-bit numbers: 4 positions a lane.
alias Lane = vec4u;

fn accumulate(sum: f32, a: vec4u, b: vec4u) -> f32 {
  return sum + dot(select(vec4f(0.0), vec4f(1.0), a != b), vec4f(1.0));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
