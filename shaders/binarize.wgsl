// Bits of real rows: which values lie above their dimension's threshold, and the two middle values of each dimension.
//
// All of it works on keys, whole numbers in the order of the 32-bit floats (−0 and 0 have one key): nothing is rounded, and
// denormals, which a GPU may take for 0 in its floats, keep their place. Any number of rows and dimensions; rows of
// keys are padded to whole vec4s.
//
// makeKeys: floats to keys, in place. countBelow and chooseDigits, sixteen times in turn, find the key of a rank, two
// bits at a time from the top. findNext: how many keys are at most that key, and the first one above. packBits: one
// invocation makes one word, 32 dimensions of a row.

struct Job {
  // Of the rows to work on within `keys`, and how many.
  firstRow: u32,
  rows: u32,
  // vec4s in a row of keys.
  lanes: u32,
  // Invocations that share the rows of one lane.
  stripes: u32,
  // From 0, of the key that is looked for.
  rank: u32,
  // The bits of the largest float that is allowed.
  largest: u32,
  // In `bits`: the first row, words in a row, the first word that is written of each row and how many.
  firstRowOut: u32,
  wordsInRow: u32,
  firstWord: u32,
  words: u32,
}

struct Search {
  // The bits found so far; in the end the key of the rank.
  low: vec4u,
  // The least key above `low`, and how many keys are at most `low`.
  next: array<atomic<u32>, 4>,
  atMost: array<atomic<u32>, 4>,
  // Keys below each of the three pivots of a step.
  below: array<atomic<u32>, 12>,
  // Of the two bits that are looked for now.
  shift: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read_write> keys: array<vec4u>;
// One for each lane.
@group(0) @binding(2) var<storage, read_write> searches: array<Search>;
// Keys, one for each dimension; the padding's is the largest number, above which nothing lies.
@group(0) @binding(3) var<storage, read> thresholds: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> bits: array<u32>;
// 1 where a value is no finite number or too large.
@group(0) @binding(5) var<storage, read_write> fault: array<u32>;

const GROUP_SIZE = 64u;
const SIGN = 0x80000000u;

@compute @workgroup_size(GROUP_SIZE)
fn makeKeys(@builtin(global_invocation_id) invocation: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let start = job.firstRow * job.lanes;
  for (var at = invocation.x; at < job.rows * job.lanes; at += groups.x * GROUP_SIZE) {
    let floats = keys[start + at];
    let sizes = floats & vec4u(~SIGN);
    // Whoever writes here writes the same.
    if (any(sizes > vec4u(job.largest))) { fault[0] = 1u; }
    let isNegative = floats > vec4u(SIGN);
    keys[start + at] = select(SIGN + sizes, SIGN - sizes, isNegative);
  }
}

@compute @workgroup_size(GROUP_SIZE)
fn countBelow(@builtin(global_invocation_id) invocation: vec3u) {
  let lane = invocation.x % job.lanes;
  let stripe = invocation.x / job.lanes;
  if (stripe >= job.stripes) { return; }
  let low = searches[lane].low;
  let shift = searches[lane].shift;
  let first = low + (1u << shift);
  let second = low + (2u << shift);
  let third = low + (3u << shift);
  var belowFirst = vec4u();
  var belowSecond = vec4u();
  var belowThird = vec4u();
  for (var row = stripe; row < job.rows; row += job.stripes) {
    let key = keys[(job.firstRow + row) * job.lanes + lane];
    belowFirst += vec4u(key < first);
    belowSecond += vec4u(key < second);
    belowThird += vec4u(key < third);
  }
  for (var i = 0u; i < 4u; i++) {
    atomicAdd(&searches[lane].below[i], belowFirst[i]);
    atomicAdd(&searches[lane].below[4u + i], belowSecond[i]);
    atomicAdd(&searches[lane].below[8u + i], belowThird[i]);
  }
}

@compute @workgroup_size(GROUP_SIZE)
fn chooseDigits(@builtin(global_invocation_id) invocation: vec3u) {
  let lane = invocation.x;
  if (lane >= job.lanes) { return; }
  let shift = searches[lane].shift;
  for (var i = 0u; i < 4u; i++) {
    var digit = 0u;
    for (var pivot = 0u; pivot < 3u; pivot++) {
      // As many keys as the rank or fewer below a pivot: the key of the rank is at or above it.
      if (atomicExchange(&searches[lane].below[4u * pivot + i], 0u) <= job.rank) { digit = pivot + 1u; }
    }
    searches[lane].low[i] += digit << shift;
  }
  searches[lane].shift = shift - 2u;
}

@compute @workgroup_size(GROUP_SIZE)
fn findNext(@builtin(global_invocation_id) invocation: vec3u) {
  let lane = invocation.x % job.lanes;
  let stripe = invocation.x / job.lanes;
  if (stripe >= job.stripes) { return; }
  let low = searches[lane].low;
  var atMost = vec4u();
  var next = vec4u(0xffffffffu);
  for (var row = stripe; row < job.rows; row += job.stripes) {
    let key = keys[(job.firstRow + row) * job.lanes + lane];
    atMost += vec4u(key <= low);
    next = min(next, select(vec4u(0xffffffffu), key, key > low));
  }
  for (var i = 0u; i < 4u; i++) {
    atomicAdd(&searches[lane].atMost[i], atMost[i]);
    atomicMin(&searches[lane].next[i], next[i]);
  }
}

@compute @workgroup_size(GROUP_SIZE)
fn packBits(@builtin(global_invocation_id) invocation: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var at = invocation.x; at < job.rows * job.words; at += groups.x * GROUP_SIZE) {
    let row = at / job.words;
    let word = at % job.words;
    let start = (job.firstRow + row) * job.lanes;
    let stop = min(8u * word + 8u, job.lanes);
    var packed = 0u;
    for (var lane = 8u * word; lane < stop; lane++) {
      let isAbove = vec4u(keys[start + lane] > thresholds[lane]);
      let four = isAbove.x | (isAbove.y << 1u) | (isAbove.z << 2u) | (isAbove.w << 3u);
      packed |= four << (4u * (lane % 8u));
    }
    bits[(job.firstRowOut + row) * job.wordsInRow + job.firstWord + word] = packed;
  }
}
