// Copies a block of distances to its place in the whole matrix, one distance an invocation.

struct Job {
  // Of the block.
  rows: u32,
  columns: u32,
  // Where it begins in the whole, and how wide that is.
  firstRow: u32,
  firstColumn: u32,
  wholeColumns: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
// rows × columns, row-major.
@group(0) @binding(1) var<storage, read> distances: array<f32>;
@group(0) @binding(2) var<storage, read_write> whole: array<f32>;

// More than a side of a dispatch may hold stays possible: rows go on in steps of what was dispatched.
@compute @workgroup_size(64)
fn placeBlock(
  @builtin(global_invocation_id) invocation: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let column = invocation.x;
  if (column >= job.columns) { return; }
  for (var row = invocation.y; row < job.rows; row += workgroups.y) {
    whole[(job.firstRow + row) * job.wholeColumns + job.firstColumn + column] = distances[row * job.columns + column];
  }
}
