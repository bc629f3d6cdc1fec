// losses[n] = weight * (log(sum over v of exp(logits[n, v])) - logits[n, targets[n]]), in nats
//   logits [N, V], targets [N] -> losses [N]; weight: dims.scale
// WEIGHTED: weight is weights[n] [N]; where it is 0 the row gives 0, whatever its logits are.
// SMOOTHED: the share `smoothing` of the target's probability is spread evenly over all V classes.
// CLASSES: the term of each class is multiplied by classes[v] [V].
// GRADIENT: also dlogits [N, V], the gradient of the sum of all losses. Not in place of the logits: where they are the
//   states of a recurrent layer, its backward pass reads them again.
// LANES invocations share a row, ROWS rows a workgroup: ceil(N / ROWS) workgroups, along x and then y. Each invocation
// takes the sum of exponentials of its own elements relative to their own maximum; after one barrier each invocation
// of the row puts the LANES pairs together. NaN or infinite logits give a loss that is not finite.

struct Dims {
  rows: u32, // N
  vocabulary: u32, // V
#if SMOOTHED
  smoothing: f32,
#endif
#if WEIGHTED
#else
  scale: f32,
#endif
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>; // [N, V]
@group(0) @binding(2) var<storage, read> targets: array<u32>; // [N], below V
@group(0) @binding(3) var<storage, read_write> losses: array<f32>; // [N]
#if WEIGHTED
@group(0) @binding(4) var<storage, read> weights: array<f32>; // [N]
#endif
#if CLASSES
@group(0) @binding(5) var<storage, read> classes: array<f32>; // [V]
#endif
#if GRADIENT
@group(0) @binding(6) var<storage, read_write> dlogits: array<f32>; // [N, V]
#endif

const LANES = 2u;
const ROWS = 32u;
const LOWEST = -0x1.fffffep+127; // the lowest finite float32

var<workgroup> sh_maximum: array<f32, LANES * ROWS>; // [ROWS, LANES]
var<workgroup> sh_sum: array<f32, LANES * ROWS>;
#if SMOOTHED
var<workgroup> sh_all: array<vec2f, LANES * ROWS>; // sums over v of classes[v] * logits[n, v] and of classes[v]
#endif

fn class_weight(v: u32) -> f32 {
#if CLASSES
  return classes[v];
#else
  return 1.0;
#endif
}

@compute @workgroup_size(LANES * ROWS)
fn main(
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let row = (group.y * groups.x + group.x) * ROWS + index / LANES;
  let lane = index % LANES;
  let start = row * dims.vocabulary;
  let columns = select(0u, dims.vocabulary, row < dims.rows);

  var maximum = LOWEST;
  for (var v = lane; v < columns; v += LANES) {
    maximum = max(maximum, logits[start + v]);
  }
  var sum = 0.0;
  for (var v = lane; v < columns; v += LANES) {
    sum += exp(logits[start + v] - maximum);
  }
  sh_maximum[index] = maximum;
  sh_sum[index] = sum;
  workgroupBarrier();

  let first = index - lane;
  for (var i = 0u; i < LANES; i++) {
    maximum = max(maximum, sh_maximum[first + i]);
  }
  sum = 0.0;
  for (var i = 0u; i < LANES; i++) {
    sum += sh_sum[first + i] * exp(sh_maximum[first + i] - maximum);
  }

#if SMOOTHED
  var all = vec2f();
  for (var v = lane; v < columns; v += LANES) {
    all += class_weight(v) * vec2f(logits[start + v] - maximum, 1.0);
  }
  sh_all[index] = all;
  workgroupBarrier();
  all = vec2f();
  for (var i = 0u; i < LANES; i++) {
    all += sh_all[first + i];
  }
  let spread = dims.smoothing / f32(dims.vocabulary);
#endif

#if WEIGHTED
  let weight = weights[row];
#else
  let weight = dims.scale;
#endif
  let label = targets[row];
#if SMOOTHED
  let share = (1.0 - dims.smoothing) * class_weight(label);
  let mass = share + spread * all.y; // what the probabilities that are wanted add up to
#else
  let share = class_weight(label);
  let mass = share;
#endif
  for (var v = lane; v < columns; v += LANES) {
    let logit = logits[start + v] - maximum;
    let hit = v == label;
    if (hit) {
      var loss = share * (log(sum) - logit);
#if SMOOTHED
      loss += spread * (all.y * log(sum) - all.x);
#endif
      losses[row] = select(weight * loss, 0.0, weight == 0.0);
    }
#if GRADIENT
    var wanted = select(0.0, share, hit);
#if SMOOTHED
    wanted += spread * class_weight(v);
#endif
    dlogits[start + v] = select(weight * (mass * (exp(logit) / sum) - wanted), 0.0, weight == 0.0);
#endif
  }
}
