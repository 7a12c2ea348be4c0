// Cosine distance. A side is what makes the length of its row 1: 1 where it has been made so, 0 for a zero vector.
alias Lane = vec4f;

fn accumulate(sum: f32, a: vec4f, b: vec4f) -> f32 {
  return fma(a.w, b.w, fma(a.z, b.z, fma(a.y, b.y, fma(a.x, b.x, sum))));
}

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 {
  if (rowSide * columnSide == 0.0) { return select(1.0, 0.0, isSelf); }
  return clamp(1.0 - sum * (rowSide * columnSide), 0.0, 2.0);
}

// 1 − x·y loses digits near 0; for rows of length 1 it equals ‖x−y‖²/2, which does not and is exactly 0 for equals.
fn isNear(sum: f32, rowSide: f32, columnSide: f32) -> bool {
  return rowSide * columnSide != 0.0 && 1.0 - sum * (rowSide * columnSide) < 0.25;
}

fn nearLane(lane: Lane, side: f32) -> Lane { return lane * side; }

fn accumulateNear(sum: f32, a: vec4f, b: vec4f) -> f32 {
  let difference = a - b;
  return sum + dot(difference, difference);
}

fn finishNear(sum: f32) -> f32 { return 0.5 * sum; }

// Of a zero vector with itself this is above the distance: a search asks for the distance of a row to itself apart.
fn atLeast(sum: f32, rowSide: f32, columnSide: f32, slack: f32) -> f32 { return max(1.0 - sum * (rowSide * columnSide) - slack, 0.0); }

fn atMost(bound: f32, rowSide: f32, slack: f32) -> f32 { return bound + 2.0 * slack; }

fn boundOf(distance: f32) -> f32 { return distance; }
