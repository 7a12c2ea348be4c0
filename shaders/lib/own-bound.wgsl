// For metrics whose sum is the distance, of terms that are none below 0: rounding then costs a part of the sum.
fn atLeast(sum: f32, rowSide: f32, columnSide: f32, slack: f32) -> f32 { return sum * (1.0 - slack); }
fn atMost(bound: f32, rowSide: f32, slack: f32) -> f32 { return bound * (1.0 + 4.0 * slack); }
fn boundOf(distance: f32) -> f32 { return distance; }
