// Adds the gradients of one step to those of the steps before it, of which every `steps` share an update; the first of
// them sets. ADD: always adds.
//   gradients, total [length], a multiple of 4; counters: see shared/control

#import shared/control

struct Dims {
  length: u32,
  steps: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>; // [length]
@group(0) @binding(2) var<storage, read_write> total: array<vec4f>; // [length]
#if ADD
#else
@group(0) @binding(3) var<storage, read> counters: array<u32>;
#endif

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
#if ADD
  let first = false;
#else
  let first = counters[STEP] % dims.steps == 0u;
#endif
  for (var i = id.x; i < dims.length / 4u; i += groups.x * LANES) {
    total[i] = select(total[i] + gradients[i], gradients[i], first);
  }
}
