// What layer_norm reads, either way, and mean and deviation of a row of x, by one workgroup: two passes, so that a large
// mean does not swallow the rest.

struct Dims {
  rows: u32, // R
  columns: u32, // N
  epsilon: f32, // added to the variance, as torch.nn.LayerNorm does
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [R, N]
@group(0) @binding(2) var<storage, read> gain: array<f32>; // [N]

const LANES = 32u;

var<workgroup> sh_sums: array<vec2f, LANES>;

// The sum over the workgroup, in every invocation, in a fixed order. To be called from uniform control flow.
fn sum_all(lane: u32, value: vec2f) -> vec2f {
  sh_sums[lane] = value;
  workgroupBarrier();
  var sum = vec2f();
  for (var i = 0u; i < LANES; i++) {
    sum += sh_sums[i];
  }
  workgroupBarrier();
  return sum;
}

// [mean, 1 / standard deviation] of the row that begins at `start`.
fn row_moments(start: u32, lane: u32) -> vec2f {
  var total = 0.0;
  for (var i = lane; i < dims.columns; i += LANES) {
    total += x[start + i];
  }
  let mean = sum_all(lane, vec2f(total, 0.0)).x / f32(dims.columns);
  var squares = 0.0;
  for (var i = lane; i < dims.columns; i += LANES) {
    squares += (x[start + i] - mean) * (x[start + i] - mean);
  }
  let variance = sum_all(lane, vec2f(squares, 0.0)).x / f32(dims.columns);
  return vec2f(mean, inverseSqrt(variance + dims.epsilon));
}
