// First step of a neighbor search: for each query and each group of base rows, a number that no distance of the query to
// that group is below. A group is what one invocation holds beside its query: of TILE_COLUMNS pairs one number leaves
// the chip.
//
// One invocation computes TILE_ROWS × TILE_COLUMNS pairs, a workgroup a rectangle of them (src/metrics/tile.ts). Rows are
// the queries, columns the base; any number of both: what lies past the end is computed on the last row again, which
// changes no minimum. With BOTH_WAYS 1 both are one set and columns are queries as well, of the groups of rows (then
// tiles and workgroups are square), so that each pair is measured once for both of its rows.
//
// Beside what shaders/distances.wgsl asks of it, the metric provides (lib/own-bound.wgsl for most):
//   fn atLeast(sum, rowSide, columnSide, slack) -> f32   a bound below the distance, whatever rounding did; the smallest
//                                                        is nearest, also where distances are ordered the other way

struct Job {
  // Of the strip that is measured: its size and where it begins within its chunks.
  rows: u32,
  columns: u32,
  firstRow: u32,
  firstColumn: u32,
  lanes: u32,
  // Bound of the rounding error of a sum, relative to what its metric takes.
  slack: f32,
  // Where the strip's bounds go: of its rows, groups × rowStride, and of its columns, groups × columnStride.
  rowBoundsAt: u32,
  rowStride: u32,
  columnBoundsAt: u32,
  columnStride: u32,
  // 1 where rows and columns are the same rows: what lies below the diagonal is left to its mirror image.
  isDiagonal: u32,
  // Words of `allowed` where the chunks begin.
  rowsAllowedAt: u32,
  columnsAllowedAt: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> rowLanes: array<Stored>;
@group(0) @binding(2) var<storage, read> rowSides: array<f32>;
@group(0) @binding(3) var<storage, read> columnLanes: array<Stored>;
@group(0) @binding(4) var<storage, read> columnSides: array<f32>;
@group(0) @binding(5) var<storage, read_write> bounds: array<f32>;
// One bit a row of the base, where IS_MASKED; rows past the end are not allowed.
@group(0) @binding(6) var<storage, read> allowed: array<u32>;

// Above every bound, because inputs are bounded.
const FAR: f32 = 3.4e38;

fn isAllowed(at: u32, number: u32) -> bool {
  return IS_MASKED == 0u || (allowed[at + number / 32u] & (1u << (number % 32u))) != 0u;
}

@compute @workgroup_size(GROUP_COLUMNS, GROUP_ROWS)
fn boundDistances(@builtin(workgroup_id) rectangle: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let groupRow = job.firstRow + rectangle.y * (TILE_ROWS * GROUP_ROWS);
  let groupColumn = job.firstColumn + rectangle.x * (TILE_COLUMNS * GROUP_COLUMNS);
  if (job.isDiagonal == 1u && groupColumn + TILE_COLUMNS * GROUP_COLUMNS <= groupRow) { return; }
  let firstRow = groupRow + local.y * ROW_SPREAD;
  let lastRow = job.firstRow + job.rows - 1u;
  let firstColumn = groupColumn + local.x * COLUMN_SPREAD;
  let lastColumn = job.firstColumn + job.columns - 1u;
  //: paste tile

  if (job.isDiagonal == 1u && firstColumn < firstRow) { return; }
  let rowGroup = rectangle.y * GROUP_ROWS + local.y;
  let columnGroup = rectangle.x * GROUP_COLUMNS + local.x;
  //: repeat j TILE_COLUMNS
  let column{j} = firstColumn + {j}u * COLUMN_STEP;
  let columnSide{j} = columnSides[min(column{j}, lastColumn)];
  let isColumn{j} = column{j} <= lastColumn && isAllowed(job.columnsAllowedAt, column{j});
  var columnBound{j} = FAR;
  //: end
  let rowBoundsAt = job.rowBoundsAt + columnGroup * job.rowStride - job.firstRow;
  //: repeat i TILE_ROWS
  let row{i} = firstRow + {i}u * ROW_STEP;
  let rowSide{i} = rowSides[min(row{i}, lastRow)];
  let isRow{i} = row{i} <= lastRow && (BOTH_WAYS == 0u || isAllowed(job.rowsAllowedAt, row{i}));
  var rowBound{i} = FAR;
  //: repeat j TILE_COLUMNS
  let bound{i}_{j} = atLeast(sums[{i}u * TILE_COLUMNS + {j}u], rowSide{i}, columnSide{j}, job.slack);
  rowBound{i} = min(rowBound{i}, select(FAR, bound{i}_{j}, isColumn{j}));
  columnBound{j} = min(columnBound{j}, select(FAR, bound{i}_{j}, isRow{i}));
  //: end
  if (row{i} <= lastRow) { bounds[rowBoundsAt + row{i}] = rowBound{i}; }
  //: end
  if (BOTH_WAYS == 1u) {
    let columnBoundsAt = job.columnBoundsAt + rowGroup * job.columnStride - job.firstColumn;
    //: repeat j TILE_COLUMNS
    if (column{j} <= lastColumn) { bounds[columnBoundsAt + column{j}] = columnBound{j}; }
    //: end
  }
}
