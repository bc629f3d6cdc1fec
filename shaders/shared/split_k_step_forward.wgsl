// The first stage of a step for a workgroup of a quad of rows by TILE units, whose products are split over k.
#import shared/split_k_forward

const TILE = 32u;

// Beyond OUT weights are zero, and any number of the same row will do.
fn operand_quad(at: vec4u, k: u32) -> vec4f {
  return load_operand_quad(at + min(k, OUT - 1u));
}

// Leaves the sums of all pieces of a product. base: where the operand of row 0 lies
fn sum_pieces(packed: u32, base: u32, first_row: u32, first_unit: u32, lane: u32) {
  let at = base + tile_rows(first_row) * OUT;
  let unit = min(first_unit + lane % TILE, HIDDEN - 1u);
  let piece = lane / TILE;
  var sum = Quad();
  for (var k = piece * DEPTH; k < (piece + 1u) * DEPTH; k += 4u) {
    sum = add_four(sum, load_four(packed, k, unit), at, k);
  }
  store_partial(piece, lane % TILE, sum);
  workgroupBarrier();
}

fn take_step(step: u32, group: vec3u, lane: u32) {
  let first_row = group.y * ROWS;
  let first_unit = group.x * TILE;
#if WAVEFRONT
  if (group.z > 0u) {
    sum_pieces(input_part(), input_base(step), first_row, first_unit, lane);
    for (var i = lane; i < ELEMENTS; i += LANES) {
      let row = first_row + i / TILE;
      let unit = first_unit + i % TILE;
      if (row < dims.batch && unit < HIDDEN) {
        store_gates(gates_index(time_of(step), row, unit), meet(input_part(), i, unit));
      }
    }
    workgroupBarrier();
  }
#endif
  sum_pieces(part, operand_base(time_of(step)), first_row, first_unit, lane);
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / TILE;
    let unit = first_unit + i % TILE;
    if (row < dims.batch && unit < HIDDEN) {
      advance(step, row, unit, meet(part, i, unit));
    }
  }
}
