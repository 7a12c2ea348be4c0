// Logits and both softmaxes of some pictures of a block, by the totals of all; joined to lib/cosine-key.wgsl.
//
// One pair an invocation. Writes three arrays, one after the other, of pictures × labels: logits, softmax over labels,
// softmax over pictures. Any number of pictures and labels.

struct Job {
  pictures: u32,
  labels: u32,
  // Within the block.
  firstPicture: u32,
  scale: f32,
}

struct PowerSum {
  largest: u32,
  sum: f32,
}

@group(0) @binding(0) var<uniform> job: Job;
// The block: pictures × labels.
@group(0) @binding(1) var<storage, read> cosines: array<u32>;
@group(0) @binding(2) var<storage, read> pictureTotals: array<PowerSum>;
@group(0) @binding(3) var<storage, read> labelTotals: array<PowerSum>;
@group(0) @binding(4) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(64)
fn normalize(@builtin(global_invocation_id) invocation: vec3u) {
  let pairs = job.pictures * job.labels;
  let pair = invocation.x;
  if (pair >= pairs) { return; }
  let key = cosines[job.firstPicture * job.labels + pair];
  let overLabels = pictureTotals[job.firstPicture + pair / job.labels];
  let overPictures = labelTotals[pair % job.labels];
  results[pair] = job.scale * cosineOf(key);
  results[pairs + pair] = relativePower(key, overLabels.largest, job.scale) / overLabels.sum;
  results[2u * pairs + pair] = relativePower(key, overPictures.largest, job.scale) / overPictures.sum;
}
