// One step of stochastic gradient descent, as torch.optim.SGD does it, over whole slabs:
//   g = clipped gradient + weight_decay * parameters;  parameters -= rate * g
// MOMENTUM: velocity = momentum * velocity + (1 - dampening) * g takes the place of g; the first is g undampened.
// NESTEROV: g + momentum * velocity takes its place.
//   parameters, gradients, velocity [length], a multiple of 4; control, counters: see shared/control.
//   A refused step touches nothing, and none touches an element of which a new number would not be finite.

#import shared/update

struct Dims {
  length: u32,
  learning_rate: f32,
  weight_decay: f32,
#if MOMENTUM
  momentum: f32,
  dampening: f32,
#endif
}

@group(0) @binding(0) var<uniform> dims: Dims;
#if MOMENTUM
@group(0) @binding(4) var<storage, read> counters: array<u32>;
@group(0) @binding(5) var<storage, read_write> velocity: array<vec4f>; // [length]
#endif

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (control[SCALE] == 0.0) {
    return;
  }
  let rate = dims.learning_rate * control[RATE];
#if MOMENTUM
  let share = select(1.0 - dims.dampening, 1.0, counters[APPLIED] == 1u);
#endif
  for (var i = id.x; i < dims.length / 4u; i += groups.x * LANES) {
    let old_weight = parameters[i];
    var direction = clipped_gradient(i) + dims.weight_decay * old_weight;
#if MOMENTUM
    let old_velocity = velocity[i];
    let moving = dims.momentum * old_velocity + share * direction;
#if NESTEROV
    direction += dims.momentum * moving;
#else
    direction = moving;
#endif
#endif
    let weight = old_weight - rate * direction;
#if MOMENTUM
    let fits = max(exponent(weight), exponent(moving)) < vec4u(NOT_FINITE);
    velocity[i] = select(old_velocity, moving, fits);
#else
    let fits = exponent(weight) < vec4u(NOT_FINITE);
#endif
    parameters[i] = select(old_weight, weight, fits);
  }
}
