// Dot product; larger is nearer.
alias Lane = vec4f;

fn accumulate(sum: f32, a: vec4f, b: vec4f) -> f32 {
  return fma(a.w, b.w, fma(a.z, b.z, fma(a.y, b.y, fma(a.x, b.x, sum))));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }

// The sides are the squared norms; half their sum is at least the product of the norms.
fn atLeast(sum: f32, rowSide: f32, columnSide: f32, slack: f32) -> f32 {
  return -sum - 0.5 * slack * (rowSide + columnSide) - 1e-31;
}

// How much `atLeast` leaves depends on the other's norm, which a bound does not tell: no such number.
fn atMost(bound: f32, rowSide: f32, slack: f32) -> f32 { return 3.3e38; }

fn boundOf(key: f32) -> f32 { return key; }
