// The mirror of rnn_step_forward, played for t = T down to 0. It completes the gradient of row t of the states with
// what step t sends back through R, and takes it through the cell to row t-1. So t = T has no product, and t = 0 only
// completes the gradient of the initial state. Workgroups: [blocks of units, quads of rows].
//   gates [T, B, G*H]: gradients of step t are read; what step t-1 saved -> gradients of its pre-activations
//   dh [T, B, H]: cotangents of the outputs
//   dstate [S, B, H]: cotangents of the final states -> gradients of the initial states
#import shared/backward_tile
#import shared/retreat

struct Dims {
  batch: u32, // B
  time: u32, // T
  t: u32, // row of the states
  lead: u32, // elements before row 0 in a plane of the states
  plane: u32, // elements of a plane of the states
  r_gates: u32, // see shared/gates
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> recurrent: array<Gates>; // [H, H]
@group(0) @binding(2) var<storage, read_write> gates: array<f32>; // [T, B, G*H], twice if SPLIT
@group(0) @binding(3) var<storage, read> states: array<f32>; // [S, lead + (T+1)*B*H]
@group(0) @binding(4) var<storage, read> dh: array<f32>; // [T, B, H]
@group(0) @binding(5) var<storage, read_write> dstate: array<f32>; // [S, B, H]

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let first_row = group.y * ROWS;
  let first_unit = group.x * UNITS * LANES + lane;
  var sums = Tile();
  if (dims.t < dims.time) {
    sums = recurrent_gradients(dims.t, tile_rows(first_row), tile_units(first_unit));
  }
  for (var i = 0u; i < UNITS; i++) {
    let unit = first_unit + i * LANES;
    if (unit < HIDDEN) {
      add_dh(first_row, unit, sums[i]);
      if (dims.t > 0u) {
        retreat_quad(dims.t - 1u, first_row, unit);
      }
    }
  }
}
