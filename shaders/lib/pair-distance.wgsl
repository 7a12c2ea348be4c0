// The distance of one pair from its sum, or where that is too coarse from the rows themselves.
// Takes   job.lanes, rowLanes, columnLanes of the kernel, and what a metric provides (top of shaders/distances.wgsl)
// rowAt and columnAt are the rows' first lanes.
fn distanceOf(sum: f32, rowAt: u32, rowSide: f32, columnAt: u32, columnSide: f32, isSelf: bool) -> f32 {
  if (!isNear(sum, rowSide, columnSide)) { return finish(sum, rowSide, columnSide, isSelf); }
  var total = 0.0;
  let block = lanesInBlock(job.lanes);
  for (var start = 0u; start < job.lanes; start += block) {
    var nearSum = 0.0;
    let stop = min(start + block, job.lanes);
    for (var lane = start; lane < stop; lane++) {
      let a = nearLane(load(rowLanes[rowAt + lane]), rowSide);
      let b = nearLane(load(columnLanes[columnAt + lane]), columnSide);
      nearSum = accumulateNear(nearSum, a, b);
    }
    total += nearSum;
  }
  return finishNear(total);
}
