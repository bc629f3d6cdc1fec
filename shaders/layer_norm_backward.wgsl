// The way back through layer_norm: with n the normalised row and d the gradients of y,
//   dn = gain d,  dx = (dn - mean(dn) - n mean(n dn)) / standard deviation,  scaled = n d
//   x, dy [R, N], gain [N] -> dx [R, N], scaled [R, N]: its column sums are the gradient of the gain
// A workgroup owns a row: groups [R folded into x and y].
#import shared/row_moments

@group(0) @binding(3) var<storage, read> dy: array<f32>; // [R, N]
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // [R, N]
@group(0) @binding(5) var<storage, read_write> scaled: array<f32>; // [R, N]

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  for (var row = group.x; row < dims.rows; row += groups.x) {
    let start = row * dims.columns;
    let moments = row_moments(start, lane);
    var sums = vec2f();
    for (var i = lane; i < dims.columns; i += LANES) {
      let normal = (x[start + i] - moments.x) * moments.y;
      let inner = dy[start + i] * gain[i];
      scaled[start + i] = normal * dy[start + i];
      sums += vec2f(inner, inner * normal);
    }
    let means = sum_all(lane, sums) / f32(dims.columns);
    for (var i = lane; i < dims.columns; i += LANES) {
      let normal = (x[start + i] - moments.x) * moments.y;
      dx[start + i] = moments.y * (dy[start + i] * gain[i] - means.x - normal * means.y);
    }
  }
}
