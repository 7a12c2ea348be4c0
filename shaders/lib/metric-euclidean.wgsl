// Euclidean distance by ‖x‖² + ‖y‖² − 2x·y; the sides are the squared norms.
alias Lane = vec4f;

fn accumulate(sum: f32, a: vec4f, b: vec4f) -> f32 { return sum + dot(a, b); }

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 {
  return sqrt(max(rowSide + columnSide - 2.0 * sum, 0.0));
}

// Below a tenth, cancellation would cost more than the last digit of the five that are promised.
fn isNear(sum: f32, rowSide: f32, columnSide: f32) -> bool {
  return rowSide + columnSide - 2.0 * sum < 0.1 * (rowSide + columnSide);
}

fn accumulateNear(sum: f32, a: vec4f, b: vec4f) -> f32 {
  let difference = a - b;
  return sum + dot(difference, difference);
}

fn finishNear(sum: f32) -> f32 { return sqrt(sum); }
