// A mask of dropout: out[first + i] = scale where a random bit keeps, else 0, for i below length
// The mask depends on (seed, stream, steps played, i) alone. The 64 bits of one Threefry call serve two neighbours.

#import shared/control
#import shared/random

struct Dims {
  first: u32, // first element within `out`
  length: u32,
  probability: f32, // of dropping, 0 to 1
  scale: f32,
  seed: u32,
  stream: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> counters: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

const LANES = 64u;

fn kept(bits: u32) -> f32 {
  return select(0.0, dims.scale, uniform_from(bits) >= dims.probability);
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var pair = id.x; pair < (dims.length + 1u) / 2u; pair += groups.x * LANES) {
    let bits = threefry(vec2u(dims.seed, dims.stream), vec2u(counters[STEP], pair));
    let i = 2u * pair;
    out[dims.first + i] = kept(bits.x);
    if (i + 1u < dims.length) {
      out[dims.first + i + 1u] = kept(bits.y);
    }
  }
}
