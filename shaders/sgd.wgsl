// One step of stochastic gradient descent, as torch.optim.SGD does it (dampening 0), over whole slabs:
//   g = control[SCALE] * gradients;  parameters -= learning_rate * g
// MOMENTUM: velocity = momentum * velocity + g takes the place of g. Velocity starts as zeros, so that the first is g.
//   parameters, gradients, velocity [length], a multiple of 4. A refused step touches nothing: see shared/control.

#import shared/control

struct Dims {
  length: u32,
  learning_rate: f32,
#if MOMENTUM
  momentum: f32,
#endif
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>; // [length]
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>; // [length]
@group(0) @binding(3) var<storage, read> control: array<f32>;
#if MOMENTUM
@group(0) @binding(4) var<storage, read_write> velocity: array<vec4f>; // [length]
#endif

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (control[SCALE] == 0.0) {
    return;
  }
  for (var i = id.x; i < dims.length / 4u; i += groups.x * LANES) {
    var direction = control[SCALE] * gradients[i];
#if MOMENTUM
    direction += dims.momentum * velocity[i];
    velocity[i] = direction;
#endif
    parameters[i] -= dims.learning_rate * direction;
  }
}
