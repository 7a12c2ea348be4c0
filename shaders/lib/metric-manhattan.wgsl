// Manhattan distance.
alias Lane = vec4f;

fn accumulate(sum: f32, a: vec4f, b: vec4f) -> f32 {
  let sizes = abs(a - b);
  return sum + ((sizes.x + sizes.y) + (sizes.z + sizes.w));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
