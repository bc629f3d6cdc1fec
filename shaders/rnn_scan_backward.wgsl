// The mirror of rnn_scan_forward: a chunk of time from its last step to its first in one dispatch. A workgroup owns
// four batch rows and all H units.
//   gates [T, B, G*H]: what the cell saved -> gradients of the pre-activations
//   dh [T, B, H]: cotangents of the outputs
//   dstate [S, B, H]: cotangents of the states in row t_end -> gradients of the states in row t_begin
#import shared/backward_tile
#import shared/retreat

struct Dims {
  batch: u32, // B
  t_begin: u32, // the chunk: steps t_end - 1 down to t_begin
  t_end: u32,
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
  let first_row = group.x * ROWS;
  let rows = tile_rows(first_row);
  let units = tile_units(lane);
  for (var t = dims.t_end; t > dims.t_begin; t--) {
    for (var unit = lane; unit < HIDDEN; unit += LANES) {
      let dr = retreat_quad(t - 1u, first_row, unit);
#if STAGED
      sh_dr[unit] = dr;
#endif
    }
#if STAGED
    workgroupBarrier();
#else
    storageBarrier();
#endif
    var sums = recurrent_gradients(t - 1u, rows, units);
    for (var i = 0u; i < UNITS; i++) {
      let unit = lane + i * LANES;
      if (unit < HIDDEN) {
        add_dh(first_row, unit, sums[i]);
      }
    }
#if STAGED
    workgroupBarrier();
#endif
  }
}
