// Cosines of a block of pictures (rows) and labels (columns), joined to lib/cosine-key.wgsl.
//
// Rows come as two halves, each of `lanes` vec4s: a coarse part on a grid of 2^-11 and the rest. The product of the coarse
// parts is exact in 32 bits and the rest is small, so a cosine has an error of about 1e-9: a logit of 100 then still has
// the digits that a softmax needs.
//
// One invocation computes TILE_PICTURES × TILE_LABELS pairs in registers. Any number of pictures and labels; what lies
// past the end is computed on the last row again and not written.

struct Job {
  pictures: u32,
  labels: u32,
  // Within their chunks.
  firstPicture: u32,
  firstLabel: u32,
  // Where the first pair goes, and how many labels the block has.
  out: u32,
  stride: u32,
  // vec4s in one half of a row.
  lanes: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> pictureLanes: array<vec4f>;
@group(0) @binding(2) var<storage, read> labelLanes: array<vec4f>;
// The block: pictures × stride.
@group(0) @binding(3) var<storage, read_write> cosines: array<u32>;

@compute @workgroup_size(GROUP_PICTURES, GROUP_LABELS)
fn measureCosines(@builtin(global_invocation_id) invocation: vec3u) {
  let picture = invocation.x * TILE_PICTURES;
  let label = invocation.y * TILE_LABELS;
  if (picture >= job.pictures || label >= job.labels) { return; }
  //: repeat i TILE_PICTURES
  let pictureAt{i} = (job.firstPicture + min(picture + {i}u, job.pictures - 1u)) * job.lanes * 2u;
  //: repeat j TILE_LABELS
  var high{i}_{j} = 0.0;
  var low{i}_{j} = 0.0;
  //: end
  //: end
  //: repeat j TILE_LABELS
  let labelAt{j} = (job.firstLabel + min(label + {j}u, job.labels - 1u)) * job.lanes * 2u;
  //: end
  for (var lane = 0u; lane < job.lanes; lane++) {
    //: repeat j TILE_LABELS
    let labelHigh{j} = labelLanes[labelAt{j} + lane];
    let labelLow{j} = labelLanes[labelAt{j} + job.lanes + lane];
    //: end
    //: repeat i TILE_PICTURES
    let pictureHigh{i} = pictureLanes[pictureAt{i} + lane];
    let pictureLow{i} = pictureLanes[pictureAt{i} + job.lanes + lane];
    let picture{i} = pictureHigh{i} + pictureLow{i};
    //: repeat j TILE_LABELS
    high{i}_{j} += dot(pictureHigh{i}, labelHigh{j});
    low{i}_{j} += dot(picture{i}, labelLow{j}) + dot(pictureLow{i}, labelHigh{j});
    //: end
    //: end
  }

  // One looped place for finishing: a software adapter compiles it many times faster than one written out.
  var keys: array<u32, TILE_PICTURES * TILE_LABELS>;
  //: repeat i TILE_PICTURES
  //: repeat j TILE_LABELS
  keys[{i}u * TILE_LABELS + {j}u] = cosineKey(high{i}_{j}, low{i}_{j});
  //: end
  //: end
  for (var pair = 0u; pair < TILE_PICTURES * TILE_LABELS; pair++) {
    let i = picture + pair / TILE_LABELS;
    let j = label + pair % TILE_LABELS;
    if (i < job.pictures && j < job.labels) { cosines[job.out + i * job.stride + j] = keys[pair]; }
  }
}
