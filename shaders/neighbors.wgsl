// Keeps the k nearest of each query, from one block of distances after another.
//
// selectNearest: one invocation walks one part of a block's columns for one query, and keeps that part's sorted list
// in storage from block to block. mergeParts: one invocation merges the lists of a query's parts.
// Any number of queries, columns and parts; k from 1. Order: by key, then by index, so the result does not depend
// on how columns were split.

struct Job {
  queries: u32,
  columns: u32,
  k: u32,
  parts: u32,
  // Number in the set of the block's first column, and of the first query.
  firstColumn: u32,
  firstQuery: u32,
  // 1 to leave out a query itself.
  leaveOutSelf: u32,
  // 1 where a larger value is nearer.
  isLargestNearest: u32,
  // 1 for the first block of these queries.
  isFirst: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
// queries × columns.
@group(0) @binding(1) var<storage, read> distances: array<f32>;
// queries × parts × k: keys (smaller is nearer) and the columns' numbers.
@group(0) @binding(2) var<storage, read_write> listKeys: array<f32>;
@group(0) @binding(3) var<storage, read_write> listIndices: array<u32>;
// queries × k.
@group(0) @binding(4) var<storage, read_write> distancesOut: array<f32>;
@group(0) @binding(5) var<storage, read_write> indicesOut: array<u32>;

// Near the largest float: no distance reaches it, because inputs are bounded.
const EMPTY_KEY: f32 = 3.4e38;
const EMPTY_INDEX = 0xffffffffu;

@compute @workgroup_size(64)
fn selectNearest(@builtin(global_invocation_id) invocation: vec3u) {
  let query = invocation.x / job.parts;
  let part = invocation.x % job.parts;
  if (query >= job.queries) { return; }
  let list = invocation.x * job.k;
  let last = list + job.k - 1u;
  if (job.isFirst == 1u) {
    for (var slot = list; slot <= last; slot++) {
      listKeys[slot] = EMPTY_KEY;
      listIndices[slot] = EMPTY_INDEX;
    }
  }
  let width = (job.columns + job.parts - 1u) / job.parts;
  let start = part * width;
  let stop = min(start + width, job.columns);
  let itself = job.firstQuery + query;
  var worst = listKeys[last];
  for (var column = start; column < stop; column++) {
    let value = distances[query * job.columns + column];
    let key = select(value, -value, job.isLargestNearest == 1u);
    let index = job.firstColumn + column;
    if (key >= worst || (job.leaveOutSelf == 1u && index == itself)) { continue; }
    // Columns come in rising order, so an equal key that is already there has the lower index and stays before.
    var slot = last;
    while (slot > list && listKeys[slot - 1u] > key) {
      listKeys[slot] = listKeys[slot - 1u];
      listIndices[slot] = listIndices[slot - 1u];
      slot--;
    }
    listKeys[slot] = key;
    listIndices[slot] = index;
    worst = listKeys[last];
  }
}

const MOST_PARTS = 64u;

@compute @workgroup_size(64)
fn mergeParts(@builtin(global_invocation_id) invocation: vec3u) {
  let query = invocation.x;
  if (query >= job.queries) { return; }
  var heads: array<u32, MOST_PARTS>;
  for (var rank = 0u; rank < job.k; rank++) {
    var bestPart = 0u;
    var bestKey = EMPTY_KEY;
    var bestIndex = EMPTY_INDEX;
    for (var part = 0u; part < job.parts; part++) {
      if (heads[part] == job.k) { continue; }
      let slot = (query * job.parts + part) * job.k + heads[part];
      let key = listKeys[slot];
      let index = listIndices[slot];
      if (key < bestKey || (key == bestKey && index < bestIndex)) {
        bestPart = part;
        bestKey = key;
        bestIndex = index;
      }
    }
    heads[bestPart]++;
    let out = query * job.k + rank;
    distancesOut[out] = select(bestKey, 0.0 - bestKey, job.isLargestNearest == 1u);
    indicesOut[out] = bestIndex;
  }
}
