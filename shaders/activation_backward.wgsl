// The way back through an activation, by its output: dx = f'(y) dy
//   y, dy [N] -> dx [N]

#import cell

struct Dims {
  length: u32, // N
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> y: array<f32>; // [N]
@group(0) @binding(2) var<storage, read> dy: array<f32>; // [N]
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [N]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.length; i += groups.x * LANES) {
    dx[i] = activation_f_derivative(y[i]) * dy[i];
  }
}
