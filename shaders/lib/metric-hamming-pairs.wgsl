// Hamming distance of numbers that take two words each, a signed set's against an unsigned one's: 2 positions a lane.
alias Lane = vec4u;

fn accumulate(sum: f32, a: vec4u, b: vec4u) -> f32 {
  let differing = a ^ b;
  let either = differing.xz | differing.yw;
  return sum + dot(select(vec2f(0.0), vec2f(1.0), either != vec2u(0u)), vec2f(1.0));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
