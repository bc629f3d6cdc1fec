// One step of Adam (Kingma and Ba 2015), as torch.optim.Adam does it, over whole slabs:
//   g = clipped gradient + weight_decay * parameters;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
//   parameters -= rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
// DECOUPLED (Loshchilov and Hutter 2019, torch.optim.AdamW): weights shrink by rate * weight_decay, apart from g.
// AMSGRAD (Reddi et al. 2018): the largest v so far takes the place of v.
//   parameters, gradients, m, v, largest [length], a multiple of 4. A refused step touches nothing: see shared/control.
//   Nor does any touch an element of which a new number would not be finite.

#import shared/update

struct Dims {
  length: u32,
  learning_rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  weight_decay: f32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(4) var<storage, read_write> m: array<vec4f>; // [length]
@group(0) @binding(5) var<storage, read_write> v: array<vec4f>; // [length]
#if AMSGRAD
@group(0) @binding(6) var<storage, read_write> largest: array<vec4f>; // [length]
#endif

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (control[SCALE] == 0.0) {
    return;
  }
  let rate = dims.learning_rate * control[RATE];
  let step = rate / control[CORRECTION1];
  let correction = control[CORRECTION2];
  for (var i = id.x; i < dims.length / 4u; i += groups.x * LANES) {
    let old_weight = parameters[i];
    let old_first = m[i];
    let old_squares = v[i];
    var weight = old_weight;
    var g = clipped_gradient(i);
#if DECOUPLED
    weight -= rate * dims.weight_decay * weight;
#else
    g += dims.weight_decay * weight;
#endif
    let first = dims.beta1 * old_first + (1.0 - dims.beta1) * g;
    let squares = dims.beta2 * old_squares + (1.0 - dims.beta2) * g * g;
#if AMSGRAD
    let old_second = largest[i];
    let second = max(old_second, squares);
#else
    let second = squares;
#endif
    weight -= step * first / (sqrt(second / correction) + dims.epsilon);
    let fits = max(max(exponent(weight), exponent(first)), exponent(squares)) < vec4u(NOT_FINITE);
    parameters[i] = select(old_weight, weight, fits);
    m[i] = select(old_first, first, fits);
    v[i] = select(old_squares, squares, fits);
#if AMSGRAD
    largest[i] = select(old_second, second, fits);
#endif
  }
}
