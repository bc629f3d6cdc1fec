// losses[n] = log(sum over v of exp(logits[n, v])) - logits[n, targets[n]], in nats
//   logits [N, V], targets [N] -> losses [N]
// GRADIENT: also dlogits [N, V] = scale * (softmax(logits) - onehot(targets)). Not in place of the logits: where they are
//   the states of a recurrent layer, its backward pass reads them again.
// LANES invocations share a row, ROWS rows a workgroup: ceil(N / ROWS) workgroups, along x and then y. Each invocation
// takes the sum of exponentials of its own elements relative to their own maximum; after one barrier each invocation
// of the row puts the LANES pairs together. NaN or infinite logits give a loss that is not finite.

struct Dims {
  rows: u32, // N
  vocabulary: u32, // V
#if GRADIENT
  scale: f32,
#endif
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>; // [N, V]
@group(0) @binding(2) var<storage, read> targets: array<u32>; // [N], below V
@group(0) @binding(3) var<storage, read_write> losses: array<f32>; // [N]
#if GRADIENT
@group(0) @binding(4) var<storage, read_write> dlogits: array<f32>; // [N, V]
#endif

const LANES = 2u;
const ROWS = 32u;
const LOWEST = -0x1.fffffep+127; // the lowest finite float32

var<workgroup> sh_maximum: array<f32, LANES * ROWS>; // [ROWS, LANES]
var<workgroup> sh_sum: array<f32, LANES * ROWS>;

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

  let label = targets[row];
  for (var v = lane; v < columns; v += LANES) {
    let logit = logits[start + v] - maximum;
    let hit = v == label;
    if (hit) {
      losses[row] = log(sum) - logit;
    }
#if GRADIENT
    dlogits[start + v] = dims.scale * (exp(logit) / sum - select(0.0, 1.0, hit));
#endif
  }
}
