// One step of RMSprop (Tieleman and Hinton 2012), as torch.optim.RMSprop does it, over whole slabs:
//   g = clipped gradient + weight_decay * parameters;  v = alpha v + (1 - alpha) g^2
//   parameters -= rate * g / (sqrt(v) + epsilon)
// CENTERED (Graves 2013): mean = alpha mean + (1 - alpha) g;  v - mean^2, the variance, takes the place of v.
// MOMENTUM: velocity = momentum * velocity + g / (sqrt(v) + epsilon) is what rate multiplies.
//   parameters, gradients, v, mean, velocity [length], a multiple of 4. A refused step touches nothing: see
//   shared/control. Nor does any touch an element of which a new number would not be finite.

#import shared/update

struct Dims {
  length: u32,
  learning_rate: f32,
  alpha: f32,
  epsilon: f32,
  weight_decay: f32,
#if MOMENTUM
  momentum: f32,
#endif
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(4) var<storage, read_write> v: array<vec4f>; // [length]
#if CENTERED
@group(0) @binding(5) var<storage, read_write> mean: array<vec4f>; // [length]
#endif
#if MOMENTUM
@group(0) @binding(6) var<storage, read_write> velocity: array<vec4f>; // [length]
#endif

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (control[SCALE] == 0.0) {
    return;
  }
  let rate = dims.learning_rate * control[RATE];
  for (var i = id.x; i < dims.length / 4u; i += groups.x * LANES) {
    let old_weight = parameters[i];
    let old_squares = v[i];
    let g = clipped_gradient(i) + dims.weight_decay * old_weight;
    let squares = dims.alpha * old_squares + (1.0 - dims.alpha) * g * g;
    var spread = squares;
#if CENTERED
    let old_centre = mean[i];
    let centre = dims.alpha * old_centre + (1.0 - dims.alpha) * g;
    spread = max(vec4f(), spread - centre * centre); // rounding may take a variance near 0 below it
#endif
    var direction = g / (sqrt(spread) + dims.epsilon);
#if MOMENTUM
    let old_velocity = velocity[i];
    direction += dims.momentum * old_velocity;
#endif
    let weight = old_weight - rate * direction;
    let fits = max(max(exponent(weight), exponent(direction)), exponent(squares)) < vec4u(NOT_FINITE);
    parameters[i] = select(old_weight, weight, fits);
    v[i] = select(old_squares, squares, fits);
#if CENTERED
    mean[i] = select(old_centre, centre, fits);
#endif
#if MOMENTUM
    velocity[i] = select(old_velocity, direction, fits);
#endif
  }
}
