// The way back through carry_past, and through unfold_time to the past.
//   dpast [B, P, I]: gradients of the past after the sequence -> of that before it
//   dcolumns [T, B, I, K]
//   dx [T, B, I] is added to, with INPUTS
// Flags as there. An invocation owns one input of a row.

struct Dims {
  time: u32, // T
  batch: u32, // B
  inputs: u32, // I
  taps: u32, // K
  dilation: u32,
  steps: u32, // P
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> dcolumns: array<f32>; // [T, B, I, K]
#if MASKED
@group(0) @binding(2) var<storage, read> mask: array<f32>; // [T, B]
#endif
@group(0) @binding(3) var<storage, read_write> dpast: array<f32>; // [B, P, I]
#if INPUTS
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // [T, B, I]
#endif

const LANES = 64u;

#import shared/row_end
#import shared/unfolded

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let step = dims.batch * dims.inputs;
  for (var i = id.x; i < step; i += groups.x * LANES) {
    let row = i / dims.inputs;
    let first = row * dims.steps * dims.inputs + i % dims.inputs;
    let end = row_end(row);
#if INPUTS
    for (var p = 0u; p < dims.steps; p++) {
      let t = p + end - dims.steps; // wraps where the past of before lies there
      if (t < end && taken(t, row)) {
        dx[t * step + i] += dpast[first + p * dims.inputs];
      }
    }
#endif
    for (var p = dims.steps; p > 0u; p--) {
      let to = p - 1u;
      var value = unfolded(to, i);
      if (to >= end) {
        value += dpast[first + (to - end) * dims.inputs];
      }
      dpast[first + to * dims.inputs] = value;
    }
  }
}
