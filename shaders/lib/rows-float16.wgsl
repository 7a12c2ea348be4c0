// Rows stored as pairs of 16-bit floats, which core WGSL unpacks without the feature shader-f16; sums stay in 32 bits.
alias Stored = vec2u;
fn load(stored: Stored) -> Lane {
  return vec4f(unpack2x16float(stored.x), unpack2x16float(stored.y));
}
