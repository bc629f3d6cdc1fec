// One step of the recurrence. A workgroup owns four batch rows and UNITS * LANES units, all gates of a unit together.
// Workgroups: [blocks of units, quads of rows].
//   gates [T, B, G*H]: step t of W·x + b_ih -> what the cell saves
//   states: row t -> row t+1; one binding, because a dispatch may not bind a buffer both to read and to write
//   state [S, B, H]: written by step T-1
#import shared/forward_tile
#import shared/advance

struct Dims {
  batch: u32, // B
  time: u32, // T
  t: u32, // this step
  lead: u32, // elements before row 0 in a plane of the states
  plane: u32, // elements of a plane of the states
  r_gates: u32, // see shared/gates
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> recurrent: array<Gates>; // [H+1, H]
@group(0) @binding(2) var<storage, read_write> gates: array<f32>; // [T, B, G*H], twice if SPLIT
@group(0) @binding(3) var<storage, read_write> states: array<f32>; // [S, lead + (T+1)*B*H]
@group(0) @binding(4) var<storage, read_write> state: array<f32>; // [S, B, H]

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let first_row = group.y * ROWS;
  let first_unit = group.x * UNITS * LANES + lane;
  var sums = recurrent_sums(dims.t, tile_rows(first_row), tile_units(first_unit));
  for (var i = 0u; i < UNITS; i++) {
    let unit = first_unit + i * LANES;
    if (unit < HIDDEN) {
      advance_quad(dims.t, first_row, unit, sums[i]);
    }
  }
}
