// Manhattan distance.
alias Lane = vec4f;

fn accumulate(sum: f32, a: vec4f, b: vec4f) -> f32 { return sum + dot(abs(a - b), vec4f(1.0)); }

fn finish(sum: f32, rowSide: f32, columnSide: f32, isSelf: bool) -> f32 { return sum; }
