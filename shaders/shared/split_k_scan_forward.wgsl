// The steps of a scan whose products are split over k. Two barriers a stage.
// STATIONARY: weights, at most 32 of an invocation, stay in registers for all steps, by names, for a compiler keeps an array
// there only if it unrolls all loops over it; else they stream past.
#import shared/split_k_forward

#if TWO_STAGES
#import shared/split_k_second
#import shared/finish

const SECOND_K = HIDDEN;
const SECOND_TILE = OUT;
#endif

const TILE = HIDDEN;

// Zero beyond OUT. A row is an element of an array, which other invocations may write beside its neighbours, as a component
// of a vector may not be.
var<workgroup> sh_operand: array<array<f32, ROWS>, PIECES * DEPTH>;

fn operand_quad(_at: vec4u, k: u32) -> vec4f {
  return vec4f(sh_operand[k][0], sh_operand[k][1], sh_operand[k][2], sh_operand[k][3]);
}

// The operand of the first step.
fn begin_elements(first_row: u32, lane: u32) {
  let width = max(HIDDEN, OUT);
  for (var i = lane; i < TILE_ROWS * width; i += LANES) {
    let row = first_row + i / width;
    let unit = i % width;
    if (row < dims.batch) {
      var operand = 0.0;
      if (dims.begin == 0u) {
        operand = begin_element(row, unit);
      } else {
        operand = load_operand(operand_base(time_of(dims.begin)) + row * OUT + unit);
      }
      if (unit < OUT) {
        sh_operand[unit][i / width] = operand;
      }
    }
  }
}

fn advance_elements(step: u32, first_row: u32, lane: u32) {
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / HIDDEN;
    let unit = i % HIDDEN;
    if (row < dims.batch) {
      let operand = advance(step, row, unit, meet(part, i, unit));
#if TWO_STAGES
      sh_second_operand[unit][i / HIDDEN] = operand;
#else
      sh_operand[unit][i / HIDDEN] = operand;
#endif
    }
  }
}

#if TWO_STAGES
fn finish_elements(step: u32, first_row: u32, lane: u32) {
  workgroupBarrier();
  sum_second_pieces(lane);
  workgroupBarrier();
  for (var i = lane; i < TILE_ROWS * OUT; i += LANES) {
    let row = first_row + i / OUT;
    let unit = i % OUT;
    if (row < dims.batch) {
      sh_operand[unit][i / OUT] = finish(step, row, unit, second_unit_row(SHIFT_ROW, unit) + meet_second(i));
    }
  }
}
#endif

fn take_steps(first_row: u32, lane: u32) {
  let piece = lane / HIDDEN;
  let unit = lane % HIDDEN;
  let first = piece * DEPTH;
  let at = vec4u();
#if STATIONARY
  let a = load_four(part, first, unit);
  let b = load_four(part, first + 4u, unit);
  let c = load_four(part, first + 8u, unit);
  let d = load_four(part, first + 12u, unit);
  let e = load_four(part, first + 16u, unit);
  let f = load_four(part, first + 20u, unit);
  let g = load_four(part, first + 24u, unit);
  let h = load_four(part, first + 28u, unit);
#endif
  begin_elements(first_row, lane);
#if TWO_STAGES
  storageBarrier(); // where OUT is not HIDDEN, others read the states in the first step
#endif
  for (var step = dims.begin; step < dims.end; step++) {
    workgroupBarrier();
    if (piece < PIECES) {
      var sum = Quad();
#if STATIONARY
      sum = add_four(sum, a, at, first);
      if (DEPTH > 4u) {
        sum = add_four(sum, b, at, first + 4u);
      }
      if (DEPTH > 8u) {
        sum = add_four(sum, c, at, first + 8u);
      }
      if (DEPTH > 12u) {
        sum = add_four(sum, d, at, first + 12u);
      }
      if (DEPTH > 16u) {
        sum = add_four(sum, e, at, first + 16u);
      }
      if (DEPTH > 20u) {
        sum = add_four(sum, f, at, first + 20u);
      }
      if (DEPTH > 24u) {
        sum = add_four(sum, g, at, first + 24u);
      }
      if (DEPTH > 28u) {
        sum = add_four(sum, h, at, first + 28u);
      }
#else
      for (var k = first; k < first + DEPTH; k += 4u) {
        sum = add_four(sum, load_four(part, k, unit), at, k);
      }
#endif
      store_partial(piece, unit, sum);
    }
    workgroupBarrier();
    advance_elements(step, first_row, lane);
#if TWO_STAGES
    finish_elements(step, first_row, lane);
#endif
  }
}
