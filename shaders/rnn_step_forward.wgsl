// One stage of one step of the recurrence. A workgroup owns four batch rows and UNITS * LANES units, all gates of a unit
// together; SPLIT_K: see shared/split_k_step_forward. Workgroups: [blocks of units, quads of rows, parts]. See shared/layout.
// SECOND: the second stage, else the first.
// WAVEFRONT: of layers one on the other; those above the lowest compute x themselves.
// RAW: leaves the products, of R in r and of Q in second, for rnn_rows_forward, which needs all units of a row at once.
#import shared/layout
#import shared/tile
#import shared/forward_bindings
#import shared/advance
#if WAVEFRONT
#import shared/wavefront_forward
#endif
#if SPLIT_K
#import shared/split_k_step_forward
#else
#import shared/forward_tile
#if TWO_STAGES
#import shared/second_forward_tile
#import shared/finish
#endif

#if SECOND
const WIDTH = OUT;
#else
const WIDTH = HIDDEN;
#endif

#if WAVEFRONT
fn put_inputs(step: u32, first_row: u32, unit: u32, inputs: Quad) {
  var x = inputs;
  for (var row = first_row; row < min(first_row + ROWS, dims.batch); row++) {
    store_gates(gates_index(time_of(step), row, unit), x[row - first_row]);
  }
}
#endif

fn take_step(step: u32, group: vec3u, lane: u32) {
  let first_row = group.y * ROWS;
  let first_unit = group.x * UNITS * LANES + lane;
  let rows = tile_rows(first_row);
  let units = tile_units(first_unit, WIDTH);
#if SECOND
  var sums = second_sums(step, rows, units);
#else
  var sums = recurrent_sums(step, rows, units);
#endif
#if WAVEFRONT
  var inputs = GatesTile();
  if (part > 0u) {
    inputs = weighted_sums(input_part(), input_base(step) + rows * OUT, step, units);
  }
#endif
  for (var i = 0u; i < UNITS; i++) {
    let unit = first_unit + i * LANES;
    if (unit < WIDTH) {
#if RAW
      for (var row = first_row; row < min(first_row + ROWS, dims.batch); row++) {
#if SECOND
        gates[second_index(time_of(step), row) + unit] = sums[i][row - first_row];
#else
        store_gates(r_index(time_of(step), row, unit), sums[i][row - first_row]);
#endif
      }
#else
#if SECOND
      finish_quad(step, first_row, unit, sums[i]);
#else
#if WAVEFRONT
      if (part > 0u) {
        put_inputs(step, first_row, unit, inputs[i]);
      }
#endif
      advance_quad(step, first_row, unit, sums[i]);
#endif
#endif
    }
  }
}
#endif

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  begin_part(group.z);
#if WAVEFRONT
  let step = dims.begin - group.z; // wraps around where the layer has not begun
  if (step >= dims.time) {
    return;
  }
#else
  let step = dims.begin;
#endif
  take_step(step, group, lane);
}
