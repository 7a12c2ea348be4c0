// Euclidean distance by ‖x‖² + ‖y‖² − 2x·y; the sides are the squared norms.
alias Lane = vec4f;

fn accumulate(sum: f32, a: vec4f, b: vec4f) -> f32 {
  return fma(a.w, b.w, fma(a.z, b.z, fma(a.y, b.y, fma(a.x, b.x, sum))));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 {
  return sqrt(max(rowSide + columnSide - 2.0 * sum, 0.0));
}

// What products too small to be floats may add up to: a million of 2^-126, with room.
const LOST = 1e-31;

// Below a tenth, cancellation would cost more than the last digit of the five that are promised. Where products are lost,
// equal rows would seem apart.
fn isNear(sum: f32, rowSide: f32, columnSide: f32) -> bool {
  let squares = rowSide + columnSide;
  return squares - 2.0 * sum < max(0.1 * squares, 10.0 * LOST);
}

fn nearLane(lane: Lane, side: f32) -> Lane { return lane; }

fn accumulateNear(sum: f32, a: vec4f, b: vec4f) -> f32 {
  let difference = a - b;
  return sum + dot(difference, difference);
}

fn finishNear(sum: f32) -> f32 { return sqrt(sum); }

// Bounds are of the squared distance.
fn atLeast(sum: f32, rowSide: f32, columnSide: f32, slack: f32) -> f32 {
  return max((1.0 - slack) * (rowSide + columnSide) - 2.0 * sum - LOST, 0.0);
}

// Twice what `atLeast` leaves, where ‖y‖² ≤ 2‖x‖² + 2·distance².
fn atMost(bound: f32, rowSide: f32, slack: f32) -> f32 {
  return (bound + 6.0 * slack * rowSide) / (1.0 - 6.0 * slack) + 3.0 * LOST;
}

fn boundOf(distance: f32) -> f32 { return select(1.000001 * distance * distance + LOST, 0.0, distance == 0.0); }
