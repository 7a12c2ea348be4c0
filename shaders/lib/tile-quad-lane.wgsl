enable subgroups;
// Which of its quad an invocation is, by asking: WGSL does not say how a workgroup is laid out in quads. `number` tells
// the four apart.
fn findQuadLane(number: u32) -> u32 {
  return select(0u, 1u, quadBroadcast(number, 1u) == number) + select(0u, 2u, quadBroadcast(number, 2u) == number)
    + select(0u, 3u, quadBroadcast(number, 3u) == number);
}
