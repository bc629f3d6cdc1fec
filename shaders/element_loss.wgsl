// losses[n] = weight * mean over o of loss(output[n, o], targets[n, o])
//   output, targets [N, O] -> losses [N]; weight: dims.scale
// One of SQUARED: d^2, d = output - target. ABSOLUTE: |d|. HUBER: d^2 / 2 up to |d| = delta, straight from there on.
//   BINARY: cross-entropy in nats of sigmoid(output) against a target in [0, 1].
// WEIGHTED: weight is weights[n] [N]; where it is 0 the row gives 0, whatever its outputs are.
// GRADIENT: also doutput [N, O], the gradient of the sum of all losses.
// One invocation a row, 64 a workgroup: ceil(N / 64) workgroups, along x and then y.

struct Dims {
  rows: u32, // N
  width: u32, // O
#if HUBER
  delta: f32,
#endif
#if WEIGHTED
#else
  scale: f32,
#endif
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> output: array<f32>; // [N, O]
@group(0) @binding(2) var<storage, read> targets: array<f32>; // [N, O]
@group(0) @binding(3) var<storage, read_write> losses: array<f32>; // [N]
#if WEIGHTED
@group(0) @binding(4) var<storage, read> weights: array<f32>; // [N]
#endif
#if GRADIENT
@group(0) @binding(5) var<storage, read_write> doutput: array<f32>; // [N, O]
#endif

const INVOCATIONS = 64u;

// x: the loss of one output; y: its derivative
fn loss_of(y: f32, wanted: f32) -> vec2f {
  let d = y - wanted;
#if SQUARED
  return vec2f(d * d, 2.0 * d);
#endif
#if ABSOLUTE
  return vec2f(abs(d), sign(d));
#endif
#if HUBER
  let inside = clamp(d, -dims.delta, dims.delta);
  return vec2f(inside * (d - 0.5 * inside), inside);
#endif
#if BINARY
  let small = exp(-abs(y));
  let probability = select(small, 1.0, y >= 0.0) / (1.0 + small);
  return vec2f(max(y, 0.0) - y * wanted + log(1.0 + small), probability - wanted);
#endif
}

@compute @workgroup_size(INVOCATIONS)
fn main(
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let row = (group.y * groups.x + group.x) * INVOCATIONS + index;
  if (row >= dims.rows) {
    return;
  }
#if WEIGHTED
  let weight = weights[row] / f32(dims.width);
#else
  let weight = dims.scale / f32(dims.width);
#endif
  var sum = 0.0;
  for (var i = row * dims.width; i < (row + 1u) * dims.width; i++) {
    let loss = loss_of(output[i], targets[i]);
    sum += loss.x;
#if GRADIENT
    doutput[i] = select(weight * loss.y, 0.0, weight == 0.0);
#endif
  }
  losses[row] = select(weight * sum, 0.0, weight == 0.0);
}
