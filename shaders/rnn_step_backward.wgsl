// The mirror of rnn_step_forward: one product on the way back and the stage that it leads to. It is played for
// step = T down to 0: it completes the gradient of h before the step with what the step sends back through R, and takes
// it through the last stage of the step before. So step T has no product, and step 0 only completes the gradient of the
// initial state. Workgroups: [blocks of units, quads of rows, parts]. See shared/layout.
// SECOND: the product of the second stage of this step, and its first stage.
// WAVEFRONT: of layers one on the other; those below the top add what the layer above sends down.
// RAW: the product alone; rnn_rows_backward does the rest, which needs all units of a row at once.
#import shared/layout
#import shared/tile
#import shared/backward_bindings
#import shared/retreat
#if WAVEFRONT
#import shared/wavefront_backward
#endif
#if SPLIT_K
#import shared/split_k_step_backward
#else
#import shared/backward_tile
#if TWO_STAGES
#import shared/second_backward_tile
#import shared/unfinish
#endif

#if SECOND
const WIDTH = HIDDEN;
#else
const WIDTH = OUT;
#endif

// What follows the product, for one unit of the quad.
fn stage(step: u32, first_row: u32, unit: u32, sum: vec4f) {
#if SECOND
#if RAW
  for (var row = first_row; row < min(first_row + ROWS, dims.batch); row++) {
    dstate[tail_index(dims.dmid, row, HIDDEN, unit)] = sum[row - first_row];
  }
#else
  retreat_quad(step, first_row, unit, sum);
#endif
#else
  add_dh_quad(step, first_row, unit, sum);
#if RAW
#else
  if (step > 0u) {
#if TWO_STAGES
    unfinish_quad(step - 1u, first_row, unit);
#else
#if DIAGONAL
    add_diagonal_to_tail(step - 1u, first_row, unit, retreat_quad(step - 1u, first_row, unit, vec4f()));
#else
    retreat_quad(step - 1u, first_row, unit, vec4f());
#endif
#endif
  }
#endif
#endif
}

fn take_step(step: u32, group: vec3u, lane: u32) {
  let first_row = group.y * ROWS;
  let first_unit = group.x * UNITS * LANES + lane;
  let rows = tile_rows(first_row);
  let units = tile_units(first_unit, WIDTH);
  var sums = Tile();
#if SECOND
  sums = second_gradients(step, rows, units);
#else
  if (step < dims.time) {
    sums = recurrent_gradients(step, rows, units);
  }
#endif
#if WAVEFRONT
  if (step > 0u && part + 1u < dims.layers) {
    var inputs = contracted(above_part(), above_base(step - 1u) + rows * GATES * HIDDEN, units);
    for (var i = 0u; i < UNITS; i++) {
      sums[i] += inputs[i];
    }
  }
#endif
  for (var i = 0u; i < UNITS; i++) {
    let unit = first_unit + i * LANES;
    if (unit < WIDTH) {
      stage(step, first_row, unit, sums[i]);
    }
  }
}
#endif

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  begin_part(group.z);
#if WAVEFRONT
  let step = dims.begin - group.z; // wraps around where the layer has ended
  if (step > dims.time) {
    return;
  }
#else
  let step = dims.begin;
#endif
  take_step(step, group, lane);
}
