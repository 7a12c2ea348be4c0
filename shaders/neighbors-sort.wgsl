// Last step of a neighbor search: one invocation gathers the lists of one query's parts into the first, sorts it, and
// writes it out. Any number of queries and parts; k from 1.

struct Job {
  queries: u32,
  parts: u32,
  k: u32,
  // Number of the first query's first list.
  firstList: u32,
  // 1 where keys are the negatives of distances.
  isLargestNearest: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
// queries × parts × k.
@group(0) @binding(1) var<storage, read_write> lists: array<Entry>;
// queries × k, from the first query on.
@group(0) @binding(2) var<storage, read_write> distancesOut: array<f32>;
@group(0) @binding(3) var<storage, read_write> indicesOut: array<u32>;

@compute @workgroup_size(64)
fn sortNearest(@builtin(global_invocation_id) invocation: vec3u) {
  let query = invocation.x;
  if (query >= job.queries) { return; }
  let listAt = (job.firstList + query * job.parts) * job.k;
  for (var at = listAt + job.k; at < listAt + job.parts * job.k; at++) {
    let entry = lists[at];
    if (isBefore(entry, lists[listAt])) { replaceRoot(listAt, job.k, entry); }
  }
  // The farthest goes to the end of what is left, again and again.
  for (var length = job.k - 1u; length > 0u; length--) {
    let farthest = lists[listAt];
    let last = lists[listAt + length];
    replaceRoot(listAt, length, last);
    lists[listAt + length] = farthest;
  }
  for (var rank = 0u; rank < job.k; rank++) {
    let entry = lists[listAt + rank];
    let out = query * job.k + rank;
    distancesOut[out] = select(entry.key, 0.0 - entry.key, job.isLargestNearest == 1u);
    indicesOut[out] = entry.index;
  }
}
