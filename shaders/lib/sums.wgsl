// Sums are taken in blocks of lanes and the blocks then added up: rounding errors grow with the length of a chain of
// additions, and at 1,280 dimensions this makes the longest 84 instead of 1,280. Rows of more than 4,096 dimensions have longer
// blocks, so that both chains stay about as long as each other. Always a multiple of 4, the most lanes that tiles share at once.
fn lanesInBlock(lanes: u32) -> u32 {
  return max(16u, (u32(sqrt(f32(lanes)) * 0.5) + 3u) & ~3u);
}
