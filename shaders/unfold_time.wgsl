// Sets the steps that a temporal convolution sees at once side by side: the operand of one product for all steps.
//   columns[t, b, i, k] = x[t + k*dilation - left, b, i], 0 outside the sequence
//   x [T, B, I] -> columns [T, B, I, K]
// MASKED: 0 as well at steps that the mask leaves out.
// PAST: what came before the sequence is past [B, left, I].

struct Dims {
  time: u32, // T
  batch: u32, // B
  inputs: u32, // I
  taps: u32, // K
  dilation: u32,
  left: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [T, B, I]
#if MASKED
@group(0) @binding(2) var<storage, read> mask: array<f32>; // [T, B]
#endif
#if PAST
@group(0) @binding(3) var<storage, read> past: array<f32>; // [B, left, I]
#endif
@group(0) @binding(4) var<storage, read_write> columns: array<f32>; // [T, B, I, K]

const LANES = 64u;

// moment: a step of the sequence, counted from `left` steps before its first.
fn element(moment: u32, row: u32, input: u32) -> f32 {
  if (moment < dims.left) {
#if PAST
    return past[(row * dims.left + moment) * dims.inputs + input];
#else
    return 0.0;
#endif
  }
  let t = moment - dims.left;
  if (t >= dims.time) {
    return 0.0;
  }
  let at = t * dims.batch + row;
#if MASKED
  if (mask[at] == 0.0) {
    return 0.0;
  }
#endif
  return x[at * dims.inputs + input];
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let width = dims.inputs * dims.taps;
  for (var i = id.x; i < dims.time * dims.batch * width; i += groups.x * LANES) {
    let row = i / width;
    let input = i % width / dims.taps;
    let tap = i % dims.taps;
    columns[i] = element(row / dims.batch + tap * dims.dilation, row % dims.batch, input);
  }
}
