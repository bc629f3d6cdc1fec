// Inverted dropout: out[i] = x[i] / (1 - probability) where a random bit keeps it, else 0
//   x [length] -> out [length]
// The mask depends on (seed, stream, steps played, i) alone, so the backward pass is the same dispatch over dy, and
// `stream` tells the dropouts of a model apart. The 64 bits of one Threefry call serve two neighbouring elements.

#import shared/control
#import shared/random

struct Dims {
  length: u32,
  probability: f32, // of dropping, 0 to 1
  seed: u32,
  stream: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [length]
@group(0) @binding(2) var<storage, read> counters: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [length]

const LANES = 64u;

fn dropped(value: f32, bits: u32) -> f32 {
  return select(0.0, value / (1.0 - dims.probability), uniform_from(bits) >= dims.probability);
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var pair = id.x; pair < (dims.length + 1u) / 2u; pair += groups.x * LANES) {
    let bits = threefry(vec2u(dims.seed, dims.stream), vec2u(counters[STEP], pair));
    let i = 2u * pair;
    out[i] = dropped(x[i], bits.x);
    if (i + 1u < dims.length) {
      out[i + 1u] = dropped(x[i + 1u], bits.y);
    }
  }
}
