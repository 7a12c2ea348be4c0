// CLIP-style similarity of pictures (rows) and labels (columns).
//
// Rows come as two halves, each of `lanes` vec4s: a coarse part on a grid of 2^-11 and the rest. The product of the coarse
// parts is exact in 32 bits, so the cosine is kept as high + low with an error of about 1e-9: a logit of 100 then still has
// the digits that a softmax needs.
//
// measureCosines   TILE_PICTURES × TILE_LABELS pairs an invocation: high and low
// overLabels       one picture an invocation: logits, and softmax over its labels
// sumParts         one label and one part (PART_ROWS pictures) an invocation: largest cosine, and sum of exponentials
// sumLabels        one label an invocation: merges the parts of one block of pictures into the totals so far
// overPictures     one pair an invocation: softmax over pictures, by the totals

struct Job {
  pictures: u32,
  labels: u32,
  // Of the block, within its chunk.
  firstPicture: u32,
  // Labels measured at once: where they begin within their chunk, how many, and how many come before them in the set.
  firstLabel: u32,
  someLabels: u32,
  labelsBefore: u32,
  lanes: u32,
  // 1 for the first block of pictures.
  isFirst: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> pictureLanes: array<vec4f>;
@group(0) @binding(2) var<storage, read> labelLanes: array<vec4f>;
// pictures × labels: high and low part of the cosine.
@group(0) @binding(3) var<storage, read_write> cosines: array<vec2f>;
// pictures × labels.
@group(0) @binding(4) var<storage, read_write> logitsOut: array<f32>;
@group(0) @binding(5) var<storage, read_write> probabilitiesOut: array<f32>;
// parts × labels: largest cosine (high, low) and sum of exponentials relative to it.
@group(0) @binding(6) var<storage, read_write> parts: array<vec3f>;
// labels: the same over all pictures so far.
@group(0) @binding(7) var<storage, read_write> totals: array<vec3f>;

@compute @workgroup_size(64)
fn measureCosines(@builtin(global_invocation_id) invocation: vec3u) {
  let picture = invocation.x * TILE_PICTURES;
  let label = invocation.y * TILE_LABELS;
  if (picture >= job.pictures || label >= job.someLabels) { return; }
  // What lies past the end is computed on the last row again, and not written.
  //: repeat i TILE_PICTURES
  let pictureAt{i} = (job.firstPicture + min(picture + {i}u, job.pictures - 1u)) * job.lanes * 2u;
  //: repeat j TILE_LABELS
  var high{i}_{j} = 0.0;
  var low{i}_{j} = 0.0;
  //: end
  //: end
  //: repeat j TILE_LABELS
  let labelAt{j} = (job.firstLabel + min(label + {j}u, job.someLabels - 1u)) * job.lanes * 2u;
  //: end
  for (var lane = 0u; lane < job.lanes; lane++) {
    //: repeat j TILE_LABELS
    let labelHigh{j} = labelLanes[labelAt{j} + lane];
    let labelLow{j} = labelLanes[labelAt{j} + job.lanes + lane];
    //: end
    //: repeat i TILE_PICTURES
    let pictureHigh{i} = pictureLanes[pictureAt{i} + lane];
    let pictureLow{i} = pictureLanes[pictureAt{i} + job.lanes + lane];
    //: repeat j TILE_LABELS
    high{i}_{j} += dot(pictureHigh{i}, labelHigh{j});
    low{i}_{j} += dot(pictureHigh{i} + pictureLow{i}, labelLow{j}) + dot(pictureLow{i}, labelHigh{j});
    //: end
    //: end
  }
  //: repeat i TILE_PICTURES
  //: repeat j TILE_LABELS
  keepCosine(picture + {i}u, label + {j}u, vec2f(high{i}_{j}, low{i}_{j}));
  //: end
  //: end
}

fn keepCosine(picture: u32, label: u32, cosine: vec2f) {
  if (picture >= job.pictures || label >= job.someLabels) { return; }
  cosines[picture * job.labels + job.labelsBefore + label] = cosine;
}

// Sums are taken in blocks of this many, then added up, to keep rounding errors small.
const PART_ROWS = 256u;

fn isLess(a: vec2f, b: vec2f) -> bool { return (a.x - b.x) + (a.y - b.y) < 0.0; }

// e to the difference of two logits.
fn relative(cosine: vec2f, largest: vec2f) -> f32 {
  return exp(job.scale * ((cosine.x - largest.x) + (cosine.y - largest.y)));
}

@compute @workgroup_size(64)
fn overLabels(@builtin(global_invocation_id) invocation: vec3u) {
  let picture = invocation.x;
  if (picture >= job.pictures) { return; }
  let start = picture * job.labels;
  let stop = start + job.labels;
  var largest = cosines[start];
  for (var at = start; at < stop; at++) {
    let cosine = cosines[at];
    if (isLess(largest, cosine)) { largest = cosine; }
  }
  var total = 0.0;
  for (var first = start; first < stop; first += PART_ROWS) {
    var sum = 0.0;
    for (var at = first; at < min(first + PART_ROWS, stop); at++) { sum += relative(cosines[at], largest); }
    total += sum;
  }
  for (var at = start; at < stop; at++) {
    let cosine = cosines[at];
    logitsOut[at] = job.scale * (cosine.x + cosine.y);
    probabilitiesOut[at] = relative(cosine, largest) / total;
  }
}

@compute @workgroup_size(8, 8)
fn sumParts(@builtin(global_invocation_id) invocation: vec3u) {
  let label = invocation.x;
  let first = invocation.y * PART_ROWS;
  if (label >= job.labels || first >= job.pictures) { return; }
  let stop = min(first + PART_ROWS, job.pictures);
  var largest = cosines[first * job.labels + label];
  for (var picture = first; picture < stop; picture++) {
    let cosine = cosines[picture * job.labels + label];
    if (isLess(largest, cosine)) { largest = cosine; }
  }
  var sum = 0.0;
  for (var picture = first; picture < stop; picture++) {
    sum += relative(cosines[picture * job.labels + label], largest);
  }
  parts[invocation.y * job.labels + label] = vec3f(largest, sum);
}

@compute @workgroup_size(64)
fn sumLabels(@builtin(global_invocation_id) invocation: vec3u) {
  let label = invocation.x;
  if (label >= job.labels) { return; }
  let count = (job.pictures + PART_ROWS - 1u) / PART_ROWS;
  var total = totals[label];
  if (job.isFirst == 1u) { total = vec3f(parts[label].xy, 0.0); }
  for (var part = 0u; part < count; part++) {
    let next = parts[part * job.labels + label];
    if (isLess(total.xy, next.xy)) {
      total = vec3f(next.xy, total.z * relative(total.xy, next.xy) + next.z);
    } else {
      total.z += next.z * relative(next.xy, total.xy);
    }
  }
  totals[label] = total;
}

@compute @workgroup_size(8, 8)
fn overPictures(@builtin(global_invocation_id) invocation: vec3u) {
  let picture = invocation.y;
  let label = invocation.x;
  if (picture >= job.pictures || label >= job.labels) { return; }
  let at = picture * job.labels + label;
  let total = totals[label];
  probabilitiesOut[at] = relative(cosines[at], total.xy) / total.z;
}
