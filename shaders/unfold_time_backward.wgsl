// The way back through unfold_time to the sequence: each element collects what became of it.
//   dx[t, b, i] = sum over k of dcolumns[t + left - k*dilation, b, i, k], as far as there is such a step
//   dcolumns [T, B, I, K] -> dx [T, B, I]
// MASKED: steps that the mask leaves out get 0.

struct Dims {
  time: u32, // T
  batch: u32, // B
  inputs: u32, // I
  taps: u32, // K
  dilation: u32,
  left: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> dcolumns: array<f32>; // [T, B, I, K]
#if MASKED
@group(0) @binding(2) var<storage, read> mask: array<f32>; // [T, B]
#endif
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [T, B, I]

const LANES = 64u;

#import shared/unfolded

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let step = dims.batch * dims.inputs;
  for (var i = id.x; i < dims.time * step; i += groups.x * LANES) {
    var sum = unfolded(i / step + dims.left, i % step);
#if MASKED
    sum *= mask[i / dims.inputs];
#endif
    dx[i] = sum;
  }
}
