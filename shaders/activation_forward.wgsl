// An activation by itself: y = f(x)
//   x [N] -> y [N]

#import cell

struct Dims {
  length: u32, // N
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [N]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [N]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.length; i += groups.x * LANES) {
    y[i] = activation_f(x[i]);
  }
}
