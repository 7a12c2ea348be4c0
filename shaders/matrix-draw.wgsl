// Draws a distance matrix: each pixel has the color of the mean of the cells under it, by their area. Near, that is a cell's own
// color with smooth borders; far, blocks of the pyramid stand for their cells (src/matrix/pyramid.ts), three by three at most.
// The palette is mixed between neighboring entries; where a pixel lies half beside the matrix it is mixed with the paper.
// Any count; all levels of the pyramid stand in one buffer of at most 2^32 bytes.

// Blocks under a pixel in one direction: it is less than two wide (TAPS in src/matrix/painter.ts).
const TAPS = 3u;

struct Job {
  // Cells between the matrix's corner and the canvas'.
  corner: vec2f,
  // Cells a pixel.
  step: f32,
  count: f32,
  // Cells across a block of this level.
  block: f32,
  // Blocks a row, and where the level's bytes begin.
  width: u32,
  offset: u32,
  paper: vec3f,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> cells: array<u32>;
// 256 colors, 0 to 1.
@group(0) @binding(2) var<storage, read> palette: array<vec4f>;

@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let corner = vec2f(f32(index & 1u), f32(index >> 1u));
  return vec4f(corner * 4.0 - 1.0, 0.0, 1.0);
}

fn byteAt(at: u32) -> f32 {
  return f32((cells[at >> 2u] >> ((at & 3u) * 8u)) & 255u);
}

@fragment
fn paint(@builtin(position) place: vec4f) -> @location(0) vec4f {
  let corner = job.corner + floor(place.xy) * job.step;
  let start = max(vec2f(0.0), corner);
  let end = min(vec2f(job.count), corner + job.step);
  if (any(end <= start)) {
    return vec4f(job.paper, 1.0);
  }
  let first = floor(start / job.block);
  var sum = 0.0;
  var area = 0.0;
  for (var row = 0u; row < TAPS; row++) {
    let top = (first.y + f32(row)) * job.block;
    let high = min(end.y, top + job.block) - max(start.y, top);
    if (high <= 0.0) {
      break;
    }
    for (var column = 0u; column < TAPS; column++) {
      let left = (first.x + f32(column)) * job.block;
      let wide = min(end.x, left + job.block) - max(start.x, left);
      if (wide <= 0.0) {
        break;
      }
      let at = job.offset + (u32(first.y) + row) * job.width + u32(first.x) + column;
      sum += high * wide * byteAt(at);
      area += high * wide;
    }
  }
  let mean = min(255.0, sum / area);
  let low = min(254.0, floor(mean));
  let color = mix(palette[u32(low)], palette[u32(low) + 1u], mean - low);
  return vec4f(mix(job.paper, color.rgb, min(1.0, area / (job.step * job.step))), 1.0);
}
