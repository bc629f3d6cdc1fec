// The mirror of shared/split_k_step_forward.
#import shared/split_k_backward

const TILE = 32u;

alias Sums = array<PairSums, 4>; // [ROW_QUADS]

// Beyond H weights are zero, and any gradient of the same row will do.
fn dr_quad(at: vec4u, u: u32) -> Quad {
  return load_dr_quad(at + min(u, HIDDEN - 1u));
}

// base: where the gradients of row 0 begin; row_length: from one row to the next
fn sum_piece(sums: Sums, packed: u32, base: u32, row_length: u32, first_row: u32, unit: u32, piece: u32) -> Sums {
  let at_a = base + tile_rows(first_row) * row_length;
  let at_b = base + tile_rows(first_row + ROWS) * row_length;
  let at_c = base + tile_rows(first_row + 2u * ROWS) * row_length;
  let at_d = base + tile_rows(first_row + 3u * ROWS) * row_length;
  var a = sums[0];
  var b = sums[1];
  var c = sums[2];
  var d = sums[3];
  for (var u = piece * DEPTH; u < (piece + 1u) * DEPTH; u += 4u) {
    let weights = load_fours(packed, u, unit);
    a = add_fours(a, weights, at_a, u);
    if (ROW_QUADS > 1u) {
      b = add_fours(b, weights, at_b, u);
    }
    if (ROW_QUADS > 2u) {
      c = add_fours(c, weights, at_c, u);
      d = add_fours(d, weights, at_d, u);
    }
  }
  return Sums(a, b, c, d);
}

// Takes the sums of a quad of rows to the gradient of h before the step, and that through the last stage of the step before.
fn meet_quad(step: u32, lane: u32, first_unit: u32, first_row: u32, sums: PairSums) {
  store_partial(lane / PAIRS, lane % PAIRS, sums);
  workgroupBarrier();
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / TILE;
    let unit = first_unit + i % TILE;
    if (row < dims.batch && unit < OUT) {
      add_dh(step, row, unit, meet(i));
      if (step > 0u) {
        retreat(step - 1u, row, unit, 0.0);
      }
    }
  }
  workgroupBarrier();
}

fn take_step(step: u32, group: vec3u, lane: u32) {
  let first_row = group.y * ROWS * ROW_QUADS;
  let first_unit = group.x * TILE;
  let piece = lane / PAIRS;
  let unit = first_unit + lane % PAIRS;
  var sums = Sums();
  if (step < dims.time) {
    let base = dr_index(time_of(step), 0u, 0u);
    sums = sum_piece(sums, part, base, dr_index(time_of(step), 1u, 0u) - base, first_row, unit, piece);
  }
#if WAVEFRONT
  if (step > 0u && part + 1u < dims.layers) {
    sums = sum_piece(sums, above_part(), above_base(step - 1u), GATES * HIDDEN, first_row, unit, piece);
  }
#endif
  meet_quad(step, lane, first_unit, first_row, sums[0]);
  if (ROW_QUADS > 1u) {
    meet_quad(step, lane, first_unit, first_row + ROWS, sums[1]);
  }
  if (ROW_QUADS > 2u) {
    meet_quad(step, lane, first_unit, first_row + 2u * ROWS, sums[2]);
    meet_quad(step, lane, first_unit, first_row + 3u * ROWS, sums[3]);
  }
}
