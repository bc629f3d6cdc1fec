// The first stage of a step for a workgroup of ROW_QUADS quads of rows by TILE units, whose products are split over k. Each
// weight serves all rows; the sums of a quad meet at a time.
#import shared/split_k_forward

const TILE = 32u;

alias Sums = array<Quad, 4>; // [ROW_QUADS]

// Beyond OUT weights are zero, and any number of the same row will do.
fn operand_quad(at: vec4u, k: u32) -> vec4f {
  return load_operand_quad(at + min(k, OUT - 1u));
}

// base: where the operand of row 0 lies
fn sum_piece(packed: u32, base: u32, first_row: u32, unit: u32, piece: u32) -> Sums {
  let at_a = base + tile_rows(first_row) * OUT;
  let at_b = base + tile_rows(first_row + ROWS) * OUT;
  let at_c = base + tile_rows(first_row + 2u * ROWS) * OUT;
  let at_d = base + tile_rows(first_row + 3u * ROWS) * OUT;
  var a = Quad();
  var b = Quad();
  var c = Quad();
  var d = Quad();
  for (var k = piece * DEPTH; k < (piece + 1u) * DEPTH; k += 4u) {
    let weights = load_four(packed, k, unit);
    a = add_four(a, weights, at_a, k);
    if (ROW_QUADS > 1u) {
      b = add_four(b, weights, at_b, k);
    }
    if (ROW_QUADS > 2u) {
      c = add_four(c, weights, at_c, k);
      d = add_four(d, weights, at_d, k);
    }
  }
  return Sums(a, b, c, d);
}

// Where an invocation stands in a workgroup.
struct Place {
  lane: u32,
  first_unit: u32,
  first_row: u32,
}

// Takes the sums of a quad of rows to x or to the states.
fn meet_quad(step: u32, place: Place, quad: u32, sum: Quad, inputs: bool) {
  store_partial(place.lane / TILE, place.lane % TILE, sum);
  workgroupBarrier();
  for (var i = place.lane; i < ELEMENTS; i += LANES) {
    let row = place.first_row + quad * ROWS + i / TILE;
    let unit = place.first_unit + i % TILE;
    if (row < dims.batch && unit < HIDDEN) {
#if WAVEFRONT
      if (inputs) {
        store_gates(gates_index(time_of(step), row, unit), meet(input_part(), i, unit));
        continue;
      }
#endif
      advance(step, row, unit, meet(part, i, unit));
    }
  }
  workgroupBarrier();
}

fn meet_all(step: u32, place: Place, sums: Sums, inputs: bool) {
  meet_quad(step, place, 0u, sums[0], inputs);
  if (ROW_QUADS > 1u) {
    meet_quad(step, place, 1u, sums[1], inputs);
  }
  if (ROW_QUADS > 2u) {
    meet_quad(step, place, 2u, sums[2], inputs);
    meet_quad(step, place, 3u, sums[3], inputs);
  }
}

fn take_step(step: u32, group: vec3u, lane: u32) {
  let place = Place(lane, group.x * TILE, group.y * ROWS * ROW_QUADS);
  let piece = lane / TILE;
  let unit = min(place.first_unit + lane % TILE, HIDDEN - 1u);
#if WAVEFRONT
  if (group.z > 0u) {
    meet_all(step, place, sum_piece(input_part(), input_base(step), place.first_row, unit, piece), true);
  }
#endif
  meet_all(step, place, sum_piece(part, operand_base(time_of(step)), place.first_row, unit, piece), false);
}
