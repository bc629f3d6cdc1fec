// Layer normalisation (Ba, Kiros & Hinton 2016), as torch.nn.functional.layer_norm over the last axis:
//   y = (x - mean) / sqrt(variance + epsilon) gain + bias, with BIAS
//   x [R, N], gain [N], bias [N] -> y [R, N]
// A workgroup owns a row: groups [R folded into x and y].
#import shared/row_moments

#if BIAS
@group(0) @binding(3) var<storage, read> bias: array<f32>; // [N]
#endif
@group(0) @binding(4) var<storage, read_write> y: array<f32>; // [R, N]

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  for (var row = group.x; row < dims.rows; row += groups.x) {
    let start = row * dims.columns;
    let moments = row_moments(start, lane);
    for (var i = lane; i < dims.columns; i += LANES) {
      var value = (x[start + i] - moments.x) * moments.y * gain[i];
#if BIAS
      value += bias[i];
#endif
      y[start + i] = value;
    }
  }
}
