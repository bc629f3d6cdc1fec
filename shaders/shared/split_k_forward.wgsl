// The steps of a scan whose products are split over k: a workgroup has PIECES invocations for each unit, each of which
// sums over a piece of k for all rows. Their sums meet in workgroup memory, where one invocation for each element, a row of
// a unit, adds them in order and does the maths: so elements wait for memory together, not in turn. Two barriers a step.
// STATIONARY: weights stay in registers for all steps; else they stream past, four at a time.
#import shared/split_k
#import shared/add_outer

const PIECES = LANES / HIDDEN;
const DEPTH = (OUT + 4u * PIECES - 1u) / (4u * PIECES) * 4u; // of a piece
const ELEMENTS = TILE_ROWS * HIDDEN;

// Zero beyond OUT. A row is an element of an array, which other invocations may write beside its neighbours, as a component
// of a vector may not be.
var<workgroup> sh_operand: array<array<f32, ROWS>, PIECES * DEPTH>;
var<workgroup> sh_partial: array<Gates, PIECES * ELEMENTS>; // [PIECES, TILE_ROWS, H]

fn load_weight(k: u32, unit: u32) -> Gates {
  return select(Gates(), weight_at(part * dims.recurrent_part + k * HIDDEN + unit), k < OUT);
}

fn load_four(k: u32, unit: u32) -> Four {
  return Four(load_weight(k, unit), load_weight(k + 1u, unit), load_weight(k + 2u, unit), load_weight(k + 3u, unit));
}

fn operand_quad(k: u32) -> vec4f {
  return vec4f(sh_operand[k][0], sh_operand[k][1], sh_operand[k][2], sh_operand[k][3]);
}

fn add_four(sum: Quad, weights: Four, k: u32) -> Quad {
  let half = add_outer(add_outer(sum, weights.a, operand_quad(k)), weights.b, operand_quad(k + 1u));
  return add_outer(add_outer(half, weights.c, operand_quad(k + 2u)), weights.d, operand_quad(k + 3u));
}

// The operand of the first step.
fn begin_elements(first_row: u32, lane: u32) {
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / HIDDEN;
    let unit = i % HIDDEN;
    if (row < dims.batch) {
      if (dims.begin == 0u) {
        sh_operand[unit][i / HIDDEN] = begin_element(row, unit);
      } else {
        sh_operand[unit][i / HIDDEN] = load_operand(operand_base(time_of(dims.begin)) + row * OUT + unit);
      }
    }
  }
}

fn advance_elements(step: u32, first_row: u32, lane: u32) {
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / HIDDEN;
    let unit = i % HIDDEN;
    if (row < dims.batch) {
      var r = unit_row(SHIFT_ROW, unit);
      for (var piece = 0u; piece < PIECES; piece++) {
        r += sh_partial[piece * ELEMENTS + i];
      }
      sh_operand[unit][i / HIDDEN] = advance(step, row, unit, r);
    }
  }
}

fn take_steps(first_row: u32, lane: u32) {
  let piece = lane / HIDDEN;
  let unit = lane % HIDDEN;
  let first = piece * DEPTH;
#if STATIONARY
  let a = load_four(first, unit);
  let b = load_four(first + 4u, unit);
  let c = load_four(first + 8u, unit);
  let d = load_four(first + 12u, unit);
#endif
  begin_elements(first_row, lane);
  for (var step = dims.begin; step < dims.end; step++) {
    workgroupBarrier();
    if (piece < PIECES) {
      var sum = Quad();
#if STATIONARY
      sum = add_four(sum, a, first);
      if (DEPTH > 4u) {
        sum = add_four(sum, b, first + 4u);
      }
      if (DEPTH > 8u) {
        sum = add_four(sum, c, first + 8u);
      }
      if (DEPTH > 12u) {
        sum = add_four(sum, d, first + 12u);
      }
#else
      for (var k = first; k < first + DEPTH; k += 4u) {
        sum = add_four(sum, load_four(k, unit), k);
      }
#endif
      let at = piece * ELEMENTS + unit;
      sh_partial[at] = sum[0];
      if (TILE_ROWS > 1u) {
        sh_partial[at + HIDDEN] = sum[1];
        sh_partial[at + 2u * HIDDEN] = sum[2];
        sh_partial[at + 3u * HIDDEN] = sum[3];
      }
    }
    workgroupBarrier();
    advance_elements(step, first_row, lane);
  }
}
