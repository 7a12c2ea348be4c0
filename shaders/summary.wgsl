// Reduces blocks of distances as they come, so that no whole matrix is kept.
//
// reduceRows   one row and part of the columns an invocation: sum, nearest and farthest, carried from block to block
// sumLabels    one row, label of the block and part of its columns an invocation: sum, carried from block to block
// countBins    one row and part of the columns an invocation: how many distances each bin has
// countBinsTogether   the same, counted in the workgroup first, where that is faster and has room for all bins
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
  // Where a distance stands among the bins, and how far that may be wrong, in bins: there the borders decide.
  firstBorder: f32,
  binsPerUnit: f32,
  doubt: f32,
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

// Moves full levels up, after as many values of the part as `number` says.
fn carry(sum: Sum, number: u32) -> Sum {
  if (number % LEVEL != 0u) { return sum; }
  let sums = sum.sums + sum.values;
  if (number % (LEVEL * LEVEL) != 0u) { return Sum(0.0, sums, sum.sumsOfSums); }
  return Sum(0.0, 0.0, sum.sumsOfSums + sums);
}

@compute @workgroup_size(64)
fn reduceRows(@builtin(global_invocation_id) invocation: vec3u) {
  let row = invocation.x / job.parts;
  if (row >= job.rows) { return; }
  var state = RowPart(Sum(), NONE, NO_COLUMN, -NONE);
  if (job.isFirst == 0u) { state = rowParts[invocation.x]; }
  let sign = select(1.0, -1.0, job.isLargestNearest == 1u);
  let itself = itselfOf(row);
  let parts = job.parts;
  let end = job.firstColumn + job.columns;
  var column = firstOfPart(invocation.x % parts, job.firstColumn);
  var number = column / parts;
  // Wraps around where the block does not begin at column 0; columns bring it back.
  let start = row * job.columns - job.firstColumn;
  while (column < end) {
    let stop = min(end, column + (LEVEL - number % LEVEL) * parts);
    for (; column < stop; column += parts) {
      number++;
      if (column == itself) { continue; }
      let value = distances[start + column];
      let key = sign * value;
      state.sum.values += value;
      // Columns come in rising order: of equals, the first stays.
      if (key < state.nearestKey) {
        state.nearestKey = key;
        state.nearestColumn = column;
      }
      if (key > state.farthestKey) { state.farthestKey = key; }
    }
    state.sum = carry(state.sum, number);
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
  let itself = itselfOf(row) - job.firstColumn;
  let start = row * job.columns;
  // Where the block has the label's column of number 0, or would have it.
  let first = span.x - before;
  let end = before + span.y - span.x;
  let parts = job.parts;
  for (var number = firstOfPart(part, before); number < end;) {
    let stop = min(end, number + (LEVEL - number / parts % LEVEL) * parts);
    for (; number < stop; number += parts) {
      let column = labeledColumns[first + number];
      if (column != itself) { sum.values += distances[start + column]; }
    }
    sum = carry(sum, number / parts);
  }
  labelParts[at] = sum;
}

// Settings of a histogram, out of the uniforms: a software adapter would fetch them for every value.
struct Bins {
  count: u32,
  first: f32,
  perUnit: f32,
  doubt: f32,
}

fn binsOfJob() -> Bins { return Bins(job.bins, job.firstBorder, job.binsPerUnit, job.doubt); }

// The bin of a distance, or `count` where it is outside all.
fn binOf(value: f32, bins: Bins) -> u32 {
  let at = (value - bins.first) * bins.perUnit;
  let guess = u32(at);
  let offset = at - f32(guess);
  if (offset > bins.doubt && offset < 1.0 - bins.doubt && guess < bins.count) { return guess; }
  return binByBorders(value, guess);
}

fn binByBorders(value: f32, guess: u32) -> u32 {
  if (value < borders[0] || value > borders[job.bins]) { return job.bins; }
  var low = 0u;
  var high = job.bins - 1u;
  if (job.doubt < 0.5) {
    low = min(max(guess, 1u) - 1u, high);
    high = min(min(guess, high) + 1u, high);
  }
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    if (borders[middle] <= value) { low = middle; } else { high = middle - 1u; }
  }
  return low;
}

@compute @workgroup_size(64)
fn countBins(@builtin(global_invocation_id) invocation: vec3u) {
  let row = invocation.x / job.parts;
  if (row >= job.rows) { return; }
  let itself = itselfOf(row) - job.firstColumn;
  let start = row * job.columns;
  let bins = binsOfJob();
  let columns = job.columns;
  let parts = job.parts;
  for (var column = invocation.x % parts; column < columns; column += parts) {
    if (column == itself) { continue; }
    let bin = binOf(distances[start + column], bins);
    if (bin < bins.count) { atomicAdd(&counts[bin], 1u); }
  }
}

// 4 KiB of a workgroup's memory.
const BINS_TOGETHER = 1024u;
var<workgroup> counted: array<atomic<u32>, BINS_TOGETHER>;

@compute @workgroup_size(256)
fn countBinsTogether(
  @builtin(global_invocation_id) invocation: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = invocation.x / job.parts;
  if (row < job.rows) {
    let itself = itselfOf(row) - job.firstColumn;
    let start = row * job.columns;
    let bins = binsOfJob();
    let columns = job.columns;
    let parts = job.parts;
    for (var column = invocation.x % parts; column < columns; column += parts) {
      if (column == itself) { continue; }
      let bin = binOf(distances[start + column], bins);
      if (bin < bins.count) { atomicAdd(&counted[bin], 1u); }
    }
  }
  workgroupBarrier();
  for (var bin = local; bin < job.bins; bin += 256u) {
    let count = atomicLoad(&counted[bin]);
    if (count > 0u) { atomicAdd(&counts[bin], count); }
  }
}
