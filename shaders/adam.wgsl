// One step of Adam (Kingma and Ba 2015), as torch.optim.Adam does it, over whole slabs:
//   g = control[SCALE] * gradients;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
//   parameters -= learning_rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
//   parameters, gradients, m, v [length], a multiple of 4. A refused step touches nothing: see shared/control.

#import shared/control

struct Dims {
  length: u32,
  learning_rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>; // [length]
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>; // [length]
@group(0) @binding(3) var<storage, read_write> m: array<vec4f>; // [length]
@group(0) @binding(4) var<storage, read_write> v: array<vec4f>; // [length]
@group(0) @binding(5) var<storage, read> control: array<f32>;

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (control[SCALE] == 0.0) {
    return;
  }
  let rate = dims.learning_rate / control[CORRECTION1];
  for (var i = id.x; i < dims.length / 4u; i += groups.x * LANES) {
    let g = control[SCALE] * gradients[i];
    let first = dims.beta1 * m[i] + (1.0 - dims.beta1) * g;
    let second = dims.beta2 * v[i] + (1.0 - dims.beta2) * g * g;
    m[i] = first;
    v[i] = second;
    parameters[i] -= rate * first / (sqrt(second / control[CORRECTION2]) + dims.epsilon);
  }
}
