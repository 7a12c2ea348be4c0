// Distances of a block of rows to a block of columns, under the metric whose WGSL is joined to this file.
//
// One invocation computes TILE_ROWS × TILE_COLUMNS pairs in registers; a workgroup a rectangle of them. Rows and columns
// may be any number; what lies past the end is computed on the last row again and not written.
//
// The metric provides:
//   alias Lane                                             4 numbers of a row: vec4f, or vec4u for bits
//   fn accumulate(sum, a: Lane, b: Lane) -> f32            adds one lane of a pair to its sum; sums of lanes
//                                                          are then added up, so a largest term is no sum
//   fn finish(sum, rowSide, columnSide, isSelf) -> f32     the distance
//   fn isNear(sum, rowSide, columnSide) -> bool            whether the sum is too coarse for this pair; then instead
//   fn nearLane(lane: Lane, side: f32) -> Lane             a lane as the accurate, slower way takes it,
//   fn accumulateNear, fn finishNear                       and that way
// (lib/never-near.wgsl provides the last four for a metric that needs none).
// lib/rows-*.wgsl says how lanes are stored: alias Stored, fn load(stored: Stored) -> Lane.
// lib/tile-*.wgsl is pasted in for the tile: it leaves the sums of the pairs in `sums`. The constants *_SPREAD and *_STEP
// say which pairs those are (src/metrics/tile.ts).

struct Job {
  rows: u32,
  columns: u32,
  // Of the blocks, within their chunks.
  firstRow: u32,
  firstColumn: u32,
  // Of the chunks, within their sets.
  rowsBefore: u32,
  columnsBefore: u32,
  // vec4s in a row.
  lanes: u32,
  // 1 where rows and columns are the same set.
  isSameSet: u32,
  // Where the block begins in `distances`, and how wide the matrix is that is kept there.
  distancesAt: u32,
  distancesColumns: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> rowLanes: array<Stored>;
@group(0) @binding(2) var<storage, read> rowSides: array<f32>;
@group(0) @binding(3) var<storage, read> columnLanes: array<Stored>;
@group(0) @binding(4) var<storage, read> columnSides: array<f32>;
// Row-major.
@group(0) @binding(5) var<storage, read_write> distances: array<f32>;

// Blocks are walked down panels this many workgroups wide, so that the columns of a panel stay in a GPU's cache.
const PANEL = 8u;

fn rectangleOf(group: vec3u, groups: vec3u) -> vec2u {
  let number = group.y * groups.x + group.x;
  let panel = number / (PANEL * groups.y);
  let width = min(PANEL, groups.x - panel * PANEL);
  let within = number - panel * PANEL * groups.y;
  return vec2u(panel * PANEL + within % width, within / width);
}

@compute @workgroup_size(GROUP_COLUMNS, GROUP_ROWS)
fn computeDistances(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let rectangle = rectangleOf(group, groups);
  let groupRow = job.firstRow + rectangle.y * (TILE_ROWS * GROUP_ROWS);
  let groupColumn = job.firstColumn + rectangle.x * (TILE_COLUMNS * GROUP_COLUMNS);
  let firstRow = groupRow + local.y * ROW_SPREAD;
  let lastRow = job.firstRow + job.rows - 1u;
  let firstColumn = groupColumn + local.x * COLUMN_SPREAD;
  let lastColumn = job.firstColumn + job.columns - 1u;
  //: paste tile

  // One looped place for finishing: written out for every pair, it takes a software adapter minutes to compile.
  var pair = 0u;
  for (var i = 0u; i < TILE_ROWS; i++) {
    let row = firstRow + i * ROW_STEP;
    if (row > lastRow) { break; }
    let rowSide = rowSides[row];
    let rowAt = row * job.lanes;
    let at = job.distancesAt + (row - job.firstRow) * job.distancesColumns - job.firstColumn;
    for (var j = 0u; j < TILE_COLUMNS; j++) {
      let column = firstColumn + j * COLUMN_STEP;
      if (column <= lastColumn) {
        let isSelf = job.isSameSet == 1u && job.rowsBefore + row == job.columnsBefore + column;
        let columnAt = column * job.lanes;
        distances[at + column] = distanceOf(sums[pair], rowAt, rowSide, columnAt, columnSides[column], isSelf);
      }
      pair++;
    }
  }
}
