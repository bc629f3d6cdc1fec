// y = tanh x, element by element [N]
// BACKWARD: dx = dy (1 - y²) instead, from y and dy.
#import shared/activation

struct Dims {
  length: u32, // N
}

@group(0) @binding(0) var<uniform> dims: Dims;
#if BACKWARD
@group(0) @binding(1) var<storage, read> y: array<f32>; // [N]
@group(0) @binding(2) var<storage, read> dy: array<f32>; // [N]
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [N]
#else
@group(0) @binding(1) var<storage, read> x: array<f32>; // [N]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [N]
#endif

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.length; i += groups.x * LANES) {
#if BACKWARD
    dx[i] = dy[i] * tanh_derivative(y[i]);
#else
    y[i] = safe_tanh(x[i]);
#endif
  }
}
