// One step of Adagrad (Duchi et al. 2011), as torch.optim.Adagrad does it, over whole slabs:
//   g = clipped gradient + weight_decay * parameters;  sum += g^2
//   parameters -= rate / (1 + (t - 1) * rate_decay) * g / (sqrt(sum) + epsilon) in the t-th update
//   parameters, gradients, sum [length], a multiple of 4; control, counters: see shared/control.
//   A refused step touches nothing, and none touches an element of which a new number would not be finite.

#import shared/update

struct Dims {
  length: u32,
  learning_rate: f32,
  rate_decay: f32,
  epsilon: f32,
  weight_decay: f32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(4) var<storage, read_write> sum: array<vec4f>; // [length]
@group(0) @binding(5) var<storage, read> counters: array<u32>;

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (control[SCALE] == 0.0) {
    return;
  }
  let before = f32(counters[APPLIED] - 1u);
  let rate = dims.learning_rate * control[RATE] / (1.0 + before * dims.rate_decay);
  for (var i = id.x; i < dims.length / 4u; i += groups.x * LANES) {
    let old_weight = parameters[i];
    let old_squares = sum[i];
    let g = clipped_gradient(i) + dims.weight_decay * old_weight;
    let squares = old_squares + g * g;
    let weight = old_weight - rate * g / (sqrt(squares) + dims.epsilon);
    let fits = max(exponent(weight), exponent(squares)) < vec4u(NOT_FINITE);
    parameters[i] = select(old_weight, weight, fits);
    sum[i] = select(old_squares, squares, fits);
  }
}
