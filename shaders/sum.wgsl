// out[0] = sum of x
//   x [N] -> out [1]; one workgroup

#import shared/reduce

struct Dims {
  length: u32, // N
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [N]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [1]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var part = 0.0;
  for (var i = lane; i < dims.length; i += LANES) {
    part += x[i];
  }
  let sum = workgroup_sum(lane, part);
  if (lane == 0u) {
    out[0] = sum;
  }
}
