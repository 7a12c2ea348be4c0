// Second step of a neighbor search: keeps the k nearest of each query, from one block of the base after another.
//
// One invocation looks through the bounds of one query and one part of the block's groups. Groups that may hold a near
// row are measured in full, as shaders/distances.wgsl measures, and what is near enough goes into a list: a heap
// (lib/heap.wgsl) in storage, kept from block to block.
//
// Any number of queries, parts, groups; k from 1. Lists are ordered by key, then by index: the result does not depend on
// bounds, on how the base was cut, or on the order in which blocks and groups are looked at.
//
// Beside what shaders/neighbors-bounds.wgsl asks of it, the metric provides:
//   fn boundOf(key) -> f32                     what `atLeast` of a pair with this key, or a smaller one, does not exceed
//   fn atMost(bound, rowSide, slack) -> f32    the same of a pair whose own `atLeast` is this; FARTHEST where none is known
// A key is the distance, or for LARGEST_IS_NEAREST its negative.

struct Job {
  queries: u32,
  parts: u32,
  k: u32,
  // Groups of the block.
  groups: u32,
  // Groups to measure at first are cut down to at most this many, where ties allow; above k.
  enough: u32,
  lanes: u32,
  slack: f32,
  // The first query: within its chunk, and of the chunk within its set.
  firstRow: u32,
  rowsBefore: u32,
  // The block of the base: the same, and its rows.
  firstColumn: u32,
  columnsBefore: u32,
  columns: u32,
  // Of the first query's first group; groups × stride.
  boundsAt: u32,
  stride: u32,
  // Number of the first query's first list.
  firstList: u32,
  // 1 for the first block of these queries.
  isFirst: u32,
  // 1 where queries and base are the same set.
  isSameSet: u32,
  // 1 to leave out a query itself.
  leaveOutSelf: u32,
  // Word of `allowed` where the chunk begins.
  allowedAt: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> rowLanes: array<Stored>;
@group(0) @binding(2) var<storage, read> rowSides: array<f32>;
@group(0) @binding(3) var<storage, read> columnLanes: array<Stored>;
@group(0) @binding(4) var<storage, read> columnSides: array<f32>;
@group(0) @binding(5) var<storage, read> bounds: array<f32>;
@group(0) @binding(6) var<storage, read> allowed: array<u32>;
// queries × parts × k.
@group(0) @binding(7) var<storage, read_write> lists: array<Entry>;

const MOST_HALVINGS = 24u;
// Which columns of a block a group holds is up to the tile that bounded it (src/metrics/tile.ts).
const RECTANGLE = TILE_COLUMNS * GROUP_COLUMNS;

fn firstOfGroup(group: u32) -> u32 {
  return group / GROUP_COLUMNS * RECTANGLE + group % GROUP_COLUMNS * COLUMN_SPREAD;
}

fn groupOf(column: u32) -> u32 {
  let within = column % RECTANGLE;
  let place = select(within % GROUP_COLUMNS, within / COLUMN_SPREAD, COLUMN_STEP == 1u);
  return column / RECTANGLE * GROUP_COLUMNS + place;
}

@compute @workgroup_size(SELECT_GROUP)
fn selectNearest(@builtin(global_invocation_id) invocation: vec3u) {
  let query = invocation.x / job.parts;
  let part = invocation.x % job.parts;
  if (query >= job.queries) { return; }
  let listAt = (job.firstList + invocation.x) * job.k;
  if (job.isFirst == 1u) {
    for (var slot = 0u; slot < job.k; slot++) { lists[listAt + slot] = Entry(FAR, NONE); }
  }
  let width = (job.groups + job.parts - 1u) / job.parts;
  let start = part * width;
  let stop = min(start + width, job.groups);
  let boundsAt = job.boundsAt + query;
  let block = lanesInBlock(job.lanes);

  let row = job.firstRow + query;
  let rowSide = rowSides[row];
  let rowAt = row * job.lanes;
  let lastColumn = job.firstColumn + job.columns - 1u;
  // The query's own place in the base.
  let itself = select(NONE, job.rowsBefore + row, job.isSameSet == 1u);
  let blockAt = job.columnsBefore + job.firstColumn;
  // A row may be nearer to itself than its sums tell: its own group is looked at whatever its bound.
  let isSought = job.leaveOutSelf == 0u && itself >= blockAt && itself < blockAt + job.columns;
  let own = select(NONE, groupOf(itself - blockAt), isSought);

  var root = lists[listAt];
  var rootBound = boundOfKey(root.key);
  var limit = rootBound;
  // No more than `cut` at first: from the k nearest groups comes a limit that few others are below.
  var cut = limit;
  // The query itself may be the nearest of one group.
  let wanted = job.k + job.leaveOutSelf;
  var least = FAR;
  var most = -FAR;
  var below = 0u;
  for (var group = start; group < stop; group++) {
    let bound = bounds[boundsAt + group * job.stride];
    let isBelow = bound < limit;
    below += u32(isBelow);
    least = min(least, bound);
    most = max(most, select(-FAR, bound, isBelow));
  }
  if (below >= wanted) {
    cut = most;
    for (var halving = 0u; halving < MOST_HALVINGS && below > job.enough; halving++) {
      let middle = 0.5 * least + 0.5 * cut;
      if (middle <= least || middle >= cut) { break; }
      var count = 0u;
      for (var group = start; group < stop; group++) {
        count += u32(bounds[boundsAt + group * job.stride] <= middle);
      }
      if (count < wanted) {
        least = middle;
      } else {
        cut = middle;
        below = count;
      }
    }
    // As many groups as are wanted have a row no farther than this.
    limit = min(limit, atMost(cut, rowSide, job.slack));
    if (limit < FARTHEST) { cut = limit; }
  }

  var above = -FAR;
  var upTo = cut;
  for (var sweep = 0u; sweep < 2u; sweep++) {
    var group = start;
    loop {
      while (group < stop) {
        let bound = bounds[boundsAt + group * job.stride];
        if (bound > above && bound <= upTo && bound <= limit) {
          // As far as the farthest that is listed, and all of it after that one: nothing to find.
          if (bound < rootBound || blockAt + firstOfGroup(group) < root.index) { break; }
        }
        if (group == own && sweep == 0u) { break; }
        group++;
      }
      if (group >= stop) { break; }
      let firstColumn = job.firstColumn + firstOfGroup(group);
      //: repeat j TILE_COLUMNS
      let columnAt{j} = min(firstColumn + {j}u * COLUMN_STEP, lastColumn) * job.lanes;
      //: end
      // Cleared in words: Tint leaves a variable within a loop as the last turn left it.
      var sums = array<f32, TILE_COLUMNS>();
      for (var first = 0u; first < job.lanes; first += block) {
        //: repeat j TILE_COLUMNS
        var sum{j} = 0.0;
        //: end
        let end = min(first + block, job.lanes);
        for (var lane = first; lane < end; lane++) {
          let a = load(rowLanes[rowAt + lane]);
          //: repeat j TILE_COLUMNS
          sum{j} = accumulate(sum{j}, a, load(columnLanes[columnAt{j} + lane]));
          //: end
        }
        //: repeat j TILE_COLUMNS
        sums[{j}] += sum{j};
        //: end
      }
      // Which of them are near enough to measure accurately.
      var close = 0u;
      //: repeat j TILE_COLUMNS
      let at{j} = firstColumn + {j}u * COLUMN_STEP;
      let bound{j} = atLeast(sums[{j}], rowSide, columnSides[min(at{j}, lastColumn)], job.slack);
      close |= select(0u, 1u << {j}u, at{j} <= lastColumn && (bound{j} <= limit || job.columnsBefore + at{j} == itself));
      //: end
      // One looped place for what follows: written out for every pair, it takes a software adapter minutes to compile.
      while (close != 0u) {
        let j = countTrailingZeros(close);
        close &= close - 1u;
        let at = firstColumn + j * COLUMN_STEP;
        if (IS_MASKED == 1u && (allowed[job.allowedAt + at / 32u] & (1u << (at % 32u))) == 0u) { continue; }
        let index = job.columnsBefore + at;
        let isSelf = index == itself;
        if (isSelf && job.leaveOutSelf == 1u) { continue; }
        let side = columnSides[at];
        let value = distanceOf(sums[j], rowAt, rowSide, at * job.lanes, side, isSelf);
        let entry = Entry(select(value, -value, LARGEST_IS_NEAREST == 1u), index);
        if (isBefore(entry, root)) {
          replaceRoot(listAt, job.k, entry);
          root = lists[listAt];
          rootBound = boundOfKey(root.key);
          limit = min(limit, rootBound);
        }
      }
      group++;
    }
    if (cut >= limit) { break; }
    above = cut;
    upTo = limit;
  }
}

// While a list is not full, anything but what is not allowed.
fn boundOfKey(key: f32) -> f32 { return select(boundOf(key), FARTHEST, key == FAR); }
