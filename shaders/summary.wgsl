// Reduces blocks of distances as they come, so that no whole matrix is kept.
//
// reduceRows   one row and part of the columns an invocation: sum, nearest and farthest, carried from block to block
// sumLabels    one row, label of the block and part of its columns an invocation: sum, carried from block to block
// countBins    one row and part of the columns an invocation, a workgroup together: how many distances each bin has
// countManyBins   the same for more bins than a workgroup keeps
//
// Columns belong to parts by their number in the set (or, for labels, among those of their label): number n to part
// n % parts. A part adds its values up in that order whatever the blocks are, so the sums have the same bits. They are
// taken in levels, LEVEL values and then LEVEL sums at a time, for rounding errors grow with the length of a chain.
// Any number of rows, columns, labels and bins; the CPU adds up the parts.

struct Job {
  rows: u32,
  columns: u32,
  // Numbers in their sets of the block's first row and column.
  firstRow: u32,
  firstColumn: u32,
  parts: u32,
  // 1 where rows and columns are the same set: a row's distance to itself does not count.
  leaveOutSelf: u32,
  // 1 where a larger value is nearer.
  isLargestNearest: u32,
  // 1 for the first block of these rows.
  isFirst: u32,
  // Labels of the block, and of all.
  spans: u32,
  labels: u32,
  bins: u32,
  // To guess a bin by; the borders decide.
  firstBorder: f32,
  binsPerUnit: f32,
}

struct Sum {
  values: f32,
  sums: f32,
  sumsOfSums: f32,
}

struct RowPart {
  sum: Sum,
  // Distances, or their negatives where larger is nearer.
  nearestKey: f32,
  nearestColumn: u32,
  farthestKey: f32,
}

@group(0) @binding(0) var<uniform> job: Job;
// rows × columns, row-major.
@group(0) @binding(1) var<storage, read> distances: array<f32>;
// rows × parts.
@group(0) @binding(2) var<storage, read_write> rowParts: array<RowPart>;
// The block's columns, counted from its first, label by label.
@group(0) @binding(3) var<storage, read> labeledColumns: array<u32>;
// Where a label of the block begins and ends among them, how many columns of earlier blocks it has, and which it is.
@group(0) @binding(4) var<storage, read> labelSpans: array<vec4u>;
// rows × labels × parts.
@group(0) @binding(5) var<storage, read_write> labelParts: array<Sum>;
// bins + 1: where each bin begins, and the largest value that the last one holds.
@group(0) @binding(6) var<storage, read> borders: array<f32>;
// Counts so far; they wrap around.
@group(0) @binding(7) var<storage, read_write> counts: array<atomic<u32>>;

const LEVEL = 64u;
// Larger than any distance, because inputs are bounded.
const NONE: f32 = 3.4e38;
const NO_COLUMN = 0xffffffffu;

// The row's own column, or one that there is not.
fn itselfOf(row: u32) -> u32 { return select(NO_COLUMN, job.firstRow + row, job.leaveOutSelf == 1u); }

// The first number of a part that is not below `first`.
fn firstOfPart(part: u32, first: u32) -> u32 {
  return first + (part + job.parts - first % job.parts) % job.parts;
}

// Moves full levels up after the value of this number in its part.
fn carry(sum: Sum, number: u32) -> Sum {
  var carried = sum;
  if (number % LEVEL == LEVEL - 1u) {
    carried.sums += carried.values;
    carried.values = 0.0;
    if (number % (LEVEL * LEVEL) == LEVEL * LEVEL - 1u) {
      carried.sumsOfSums += carried.sums;
      carried.sums = 0.0;
    }
  }
  return carried;
}

@compute @workgroup_size(64)
fn reduceRows(@builtin(global_invocation_id) invocation: vec3u) {
  let row = invocation.x / job.parts;
  if (row >= job.rows) { return; }
  var state = RowPart(Sum(), NONE, NO_COLUMN, -NONE);
  if (job.isFirst == 0u) { state = rowParts[invocation.x]; }
  let sign = select(1.0, -1.0, job.isLargestNearest == 1u);
  let itself = itselfOf(row);
  let start = row * job.columns;
  let end = job.firstColumn + job.columns;
  for (var column = firstOfPart(invocation.x % job.parts, job.firstColumn); column < end; column += job.parts) {
    if (column != itself) {
      let value = distances[start + column - job.firstColumn];
      let key = sign * value;
      state.sum.values += value;
      // Columns come in rising order: of equals, the first stays.
      if (key < state.nearestKey) {
        state.nearestKey = key;
        state.nearestColumn = column;
      }
      if (key > state.farthestKey) { state.farthestKey = key; }
    }
    state.sum = carry(state.sum, column / job.parts);
  }
  rowParts[invocation.x] = state;
}

@compute @workgroup_size(64)
fn sumLabels(@builtin(global_invocation_id) invocation: vec3u) {
  let part = invocation.x % job.parts;
  let span = labelSpans[invocation.x / job.parts % job.spans];
  let row = invocation.x / job.parts / job.spans;
  if (row >= job.rows) { return; }
  let before = span.z;
  let at = (row * job.labels + span.w) * job.parts + part;
  var sum = Sum();
  if (before > 0u) { sum = labelParts[at]; }
  let itself = itselfOf(row);
  let start = row * job.columns;
  let end = before + span.y - span.x;
  for (var number = firstOfPart(part, before); number < end; number += job.parts) {
    let column = labeledColumns[span.x + number - before];
    if (job.firstColumn + column != itself) { sum.values += distances[start + column]; }
    sum = carry(sum, number / job.parts);
  }
  labelParts[at] = sum;
}

// The bin of a distance, or `bins` where it is outside all.
fn binOf(value: f32) -> u32 {
  if (value < borders[0] || value > borders[job.bins]) { return job.bins; }
  let last = job.bins - 1u;
  let guess = u32(clamp((value - job.firstBorder) * job.binsPerUnit, 0.0, f32(last)));
  if (borders[guess] <= value && (guess == last || value < borders[guess + 1u])) { return guess; }
  var low = 0u;
  var high = last;
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    if (borders[middle] <= value) { low = middle; } else { high = middle - 1u; }
  }
  return low;
}

// 4 KiB of a workgroup's memory.
const BINS_IN_WORKGROUP = 1024u;
var<workgroup> counted: array<atomic<u32>, BINS_IN_WORKGROUP>;

@compute @workgroup_size(256)
fn countBins(
  @builtin(global_invocation_id) invocation: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = invocation.x / job.parts;
  if (row < job.rows) {
    let itself = itselfOf(row);
    let start = row * job.columns;
    for (var column = invocation.x % job.parts; column < job.columns; column += job.parts) {
      if (job.firstColumn + column == itself) { continue; }
      let bin = binOf(distances[start + column]);
      if (bin < job.bins) { atomicAdd(&counted[bin], 1u); }
    }
  }
  workgroupBarrier();
  for (var bin = local; bin < job.bins; bin += 256u) {
    let count = atomicLoad(&counted[bin]);
    if (count > 0u) { atomicAdd(&counts[bin], count); }
  }
}

@compute @workgroup_size(256)
fn countManyBins(@builtin(global_invocation_id) invocation: vec3u) {
  let row = invocation.x / job.parts;
  if (row >= job.rows) { return; }
  let itself = itselfOf(row);
  let start = row * job.columns;
  for (var column = invocation.x % job.parts; column < job.columns; column += job.parts) {
    if (job.firstColumn + column == itself) { continue; }
    let bin = binOf(distances[start + column]);
    if (bin < job.bins) { atomicAdd(&counts[bin], 1u); }
  }
}
