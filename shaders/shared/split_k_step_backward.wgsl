// The mirror of shared/split_k_step_forward.
#import shared/split_k_backward

const TILE = 32u;

// Beyond H weights are zero, and any gradient of the same row will do.
fn dr_quad(at: vec4u, u: u32) -> Quad {
  return load_dr_quad(at + min(u, HIDDEN - 1u));
}

fn sum_piece(sums: PairSums, packed: u32, at: vec4u, first: u32, unit: u32) -> PairSums {
  var total = sums;
  for (var u = first; u < first + DEPTH; u += 4u) {
    total = add_fours(total, load_fours(packed, u, unit), at, u);
  }
  return total;
}

fn take_step(step: u32, group: vec3u, lane: u32) {
  let first_row = group.y * ROWS;
  let first_unit = group.x * TILE;
  let piece = lane / PAIRS;
  let pair = lane % PAIRS;
  let first = piece * DEPTH;
  let unit = first_unit + pair;
  let rows = tile_rows(first_row);
  var sums = PairSums();
  if (step < dims.time) {
    let dr = dr_index(time_of(step), 0u, 0u);
    let row_length = dr_index(time_of(step), 1u, 0u) - dr;
    sums = sum_piece(sums, part, dr + rows * row_length, first, unit);
  }
#if WAVEFRONT
  if (step > 0u && part + 1u < dims.layers) {
    sums = sum_piece(sums, above_part(), above_base(step - 1u) + rows * GATES * HIDDEN, first, unit);
  }
#endif
  store_partial(piece, pair, sums);
  workgroupBarrier();
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / TILE;
    let own = first_unit + i % TILE;
    if (row < dims.batch && own < OUT) {
      add_dh(step, row, own, meet(i));
      if (step > 0u) {
        retreat(step - 1u, row, own, 0.0);
      }
    }
  }
}
