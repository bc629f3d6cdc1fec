// partials[g] = the share of workgroup g in the sum of x[i]^2
//   x [length] -> partials [groups]; groups [1..256], chosen by the caller. length is a multiple of 4: slabs are padded
//   with zeros.

#import shared/reduce

struct Dims {
  length: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [length]
@group(0) @binding(2) var<storage, read_write> partials: array<f32>; // [groups]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  var squares = vec4f();
  for (var i = group.x * LANES + lane; i < dims.length / 4u; i += groups.x * LANES) {
    squares += x[i] * x[i];
  }
  let sum = workgroup_sum(lane, dot(squares, vec4f(1.0)));
  if (lane == 0u) {
    partials[group.x] = sum;
  }
}
