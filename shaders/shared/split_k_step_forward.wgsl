// The first stage of a step for a workgroup of TILE units, whose products are split over k. One barrier.
#import shared/split_k_forward

const TILE = 32u;
#if WAVEFRONT
const PRODUCTS = 2u; // with R, and with W
#else
const PRODUCTS = 1u;
#endif

// Beyond OUT weights are zero, and any number of the same row will do.
fn operand_quad(at: vec4u, k: u32) -> vec4f {
  return load_operand_quad(at + min(k, OUT - 1u));
}

fn take_step(step: u32, group: vec2u, lane: u32) {
  let first_row = group.y * ROWS;
  let first_unit = group.x * TILE;
  let piece = lane / TILE;
  let column = lane % TILE;
  let unit = min(first_unit + column, HIDDEN - 1u);
  let rows = tile_rows(first_row) * OUT;
  store_partial(piece, column, sum_piece(part, operand_base(time_of(step)) + rows, piece * DEPTH, unit));
#if WAVEFRONT
  if (part > 0u) {
    store_partial(PIECES + piece, column, sum_piece(input_part(), input_base(step) + rows, piece * DEPTH, unit));
  }
#endif
  workgroupBarrier();
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / TILE;
    let own = first_unit + i % TILE;
    if (row < dims.batch && own < HIDDEN) {
#if WAVEFRONT
      if (part > 0u) {
        store_gates(gates_index(time_of(step), row, own), meet(input_part(), PIECES, i, own));
      }
#endif
      advance(step, row, own, meet(part, 0u, i, own));
    }
  }
}
