// Keeps the steps that a temporal convolution will still have to see: the last of what came before and of the sequence.
//   x [T, B, I], past [B, P, I] -> past
// MASKED: a row ends with the last step that the mask leaves in; steps before that it leaves out are 0.
// An invocation owns one input of a row.

struct Dims {
  time: u32, // T
  batch: u32, // B
  inputs: u32, // I
  steps: u32, // P
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [T, B, I]
#if MASKED
@group(0) @binding(2) var<storage, read> mask: array<f32>; // [T, B]
#endif
@group(0) @binding(3) var<storage, read_write> past: array<f32>; // [B, P, I]

const LANES = 64u;

#import shared/row_end

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.batch * dims.inputs; i += groups.x * LANES) {
    let row = i / dims.inputs;
    let first = row * dims.steps * dims.inputs + i % dims.inputs;
    let end = row_end(row);
    for (var p = 0u; p < dims.steps; p++) {
      let at = p + end; // counted from the first step of the past
      var value = 0.0;
      if (at < dims.steps) {
        value = past[first + at * dims.inputs];
      } else if (taken(at - dims.steps, row)) {
        value = x[(at - dims.steps) * dims.batch * dims.inputs + i];
      }
      past[first + p * dims.inputs] = value;
    }
  }
}
