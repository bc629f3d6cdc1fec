// states row 0 = state: the step machine starts where the last pass ended.
//   state [S, B, H] -> states [S, lead + (T+1)*B*H]

struct Dims {
  elements: u32, // B*H
  lead: u32, // elements before row 0 in a plane of the states
  plane: u32, // elements of a plane of the states
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> state: array<f32>; // [S, B, H]
@group(0) @binding(2) var<storage, read_write> states: array<f32>; // [S, lead + (T+1)*B*H]

const LANES = 64u;
const STATES = 2u; // S

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < STATES * dims.elements; i += groups.x * LANES) {
    states[i / dims.elements * dims.plane + dims.lead + i % dims.elements] = state[i];
  }
}
