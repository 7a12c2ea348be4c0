// What a block of cosines adds to the softmax sums, and to the ranking, of its pictures or of its labels; joined to
// lib/cosine-key.wgsl. An owner is a picture and its others are labels, or the reverse: strides say which.
//
// sumParts    one owner and one part (PART others) an invocation: largest cosine, and the sum of powers relative to it
// mergeParts  one owner an invocation: adds its parts, in order, to its total so far
// rankParts   one owner an invocation: puts what is among its best so far into its list
//
// Blocks begin at multiples of PART, so what is summed with what does not depend on how blocks were cut. A list is a heap
// with its last at the root; which entries it holds depends on cosines, then on numbers, and on nothing else. Any number of
// owners and others; k from 1 for rankParts.

struct Job {
  // Of this dispatch.
  owners: u32,
  parts: u32,
  // Within the block.
  firstOwner: u32,
  firstPart: u32,
  // Others in the block, and how many there are before it in their set.
  others: u32,
  othersBefore: u32,
  ownerStride: u32,
  otherStride: u32,
  k: u32,
  // 1 where these are the first others of these owners.
  isFirst: u32,
  scale: f32,
}

// Read as one number of 64 bits, the largest is the best: ties go to the lower number.
struct Entry {
  // All bits of the other's number, turned around.
  rest: u32,
  // Of its cosine; 0 while there is none.
  key: u32,
}

struct PowerSum {
  // Key of the largest cosine; 0 while there is none.
  largest: u32,
  // Of e to the difference of logits from the largest.
  sum: f32,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> cosines: array<u32>;
// owners × parts of this dispatch.
@group(0) @binding(2) var<storage, read_write> parts: array<PowerSum>;
// One an owner of the block.
@group(0) @binding(3) var<storage, read_write> totals: array<PowerSum>;
// Owners of the block × k.
@group(0) @binding(4) var<storage, read_write> lists: array<Entry>;

@compute @workgroup_size(64)
fn sumParts(@builtin(global_invocation_id) invocation: vec3u) {
  let owner = invocation.x;
  if (owner >= job.owners) { return; }
  let start = (job.firstPart + invocation.y) * PART;
  let stop = min(start + PART, job.others);
  let row = (job.firstOwner + owner) * job.ownerStride;
  var largest = 0u;
  for (var other = start; other < stop; other++) { largest = max(largest, cosines[row + other * job.otherStride]); }
  var sum = 0.0;
  for (var other = start; other < stop; other++) {
    sum += relativePower(cosines[row + other * job.otherStride], largest, job.scale);
  }
  parts[owner * job.parts + invocation.y] = PowerSum(largest, sum);
}

@compute @workgroup_size(64)
fn mergeParts(@builtin(global_invocation_id) invocation: vec3u) {
  if (invocation.x >= job.owners) { return; }
  let owner = job.firstOwner + invocation.x;
  var total = totals[owner];
  if (job.isFirst == 1u) { total = PowerSum(0u, 0.0); }
  for (var part = 0u; part < job.parts; part++) {
    let next = parts[invocation.x * job.parts + part];
    let largest = max(total.largest, next.largest);
    let sum = total.sum * relativePower(total.largest, largest, job.scale) +
      next.sum * relativePower(next.largest, largest, job.scale);
    total = PowerSum(largest, sum);
  }
  totals[owner] = total;
}

@compute @workgroup_size(64)
fn rankParts(@builtin(global_invocation_id) invocation: vec3u) {
  if (invocation.x >= job.owners) { return; }
  let owner = job.firstOwner + invocation.x;
  let listAt = owner * job.k;
  if (job.isFirst == 1u) {
    for (var slot = 0u; slot < job.k; slot++) { lists[listAt + slot] = Entry(0u, 0u); }
  }
  var worst = lists[listAt].key;
  for (var part = 0u; part < job.parts; part++) {
    if (parts[invocation.x * job.parts + part].largest <= worst) { continue; }
    let start = (job.firstPart + part) * PART;
    let stop = min(start + PART, job.others);
    for (var other = start; other < stop; other++) {
      let key = cosines[owner * job.ownerStride + other * job.otherStride];
      // Others come in rising order, so of equal keys the one that is already there has the lower number and stays.
      if (key <= worst) { continue; }
      replaceRoot(listAt, Entry(~(job.othersBefore + other), key));
      worst = lists[listAt].key;
    }
  }
}

fn isWorse(a: Entry, b: Entry) -> bool { return a.key < b.key || (a.key == b.key && a.rest < b.rest); }

fn replaceRoot(listAt: u32, entry: Entry) {
  var hole = 0u;
  loop {
    var child = 2u * hole + 1u;
    if (child >= job.k) { break; }
    var worse = lists[listAt + child];
    if (child + 1u < job.k) {
      let other = lists[listAt + child + 1u];
      if (isWorse(other, worse)) {
        worse = other;
        child++;
      }
    }
    if (!isWorse(worse, entry)) { break; }
    lists[listAt + hole] = worse;
    hole = child;
  }
  lists[listAt + hole] = entry;
}
