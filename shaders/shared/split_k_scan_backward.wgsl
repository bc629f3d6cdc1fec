// The mirror of shared/split_k_scan_forward.
#import shared/split_k_backward

#if TWO_STAGES
#import shared/split_k_second
#import shared/unfinish

const SECOND_K = OUT;
const SECOND_TILE = HIDDEN;
#endif

const TILE = OUT;

var<workgroup> sh_dr: array<Quad, PIECES * DEPTH>; // zero beyond H

fn dr_quad(_at: vec4u, u: u32) -> Quad {
  return sh_dr[u];
}

#if TWO_STAGES
fn unfinish_elements(step: u32, first_row: u32, lane: u32) {
  for (var i = lane; i < TILE_ROWS * OUT; i += LANES) {
    let row = first_row + i / OUT;
    if (row < dims.batch) {
      sh_second_operand[i % OUT][i / OUT] = unfinish(step, row, i % OUT);
    }
  }
  workgroupBarrier();
  sum_second_pieces(lane);
  workgroupBarrier();
}
#endif

fn retreat_elements(step: u32, first_row: u32, lane: u32) {
  for (var i = lane; i < TILE_ROWS * HIDDEN; i += LANES) {
    let row = first_row + i / HIDDEN;
    let unit = i % HIDDEN;
    if (row < dims.batch) {
#if TWO_STAGES
      let dmid = meet_second(i);
#else
      let dmid = 0.0;
#endif
      sh_dr[unit][i / HIDDEN] = retreat(step, row, unit, dmid);
    }
  }
}

fn complete_elements(step: u32, first_row: u32, lane: u32) {
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / OUT;
    if (row < dims.batch) {
      add_dh(step, row, i % OUT, meet(i));
    }
  }
}

fn take_steps(first_row: u32, lane: u32) {
  let piece = lane / PAIRS;
  let pair = lane % PAIRS;
  let first = piece * DEPTH;
  let at = vec4u();
#if STATIONARY
  let a = load_fours(part, first, pair);
  let b = load_fours(part, first + 4u, pair);
  let c = load_fours(part, first + 8u, pair);
  let d = load_fours(part, first + 12u, pair);
#endif
  for (var after = dims.end; after > dims.begin; after--) {
    let step = after - 1u;
#if TWO_STAGES
    unfinish_elements(step, first_row, lane);
#endif
    retreat_elements(step, first_row, lane);
    workgroupBarrier();
    if (piece < PIECES) {
      var sums = PairSums();
#if STATIONARY
      sums = add_fours(sums, a, at, first);
      if (DEPTH > 4u) {
        sums = add_fours(sums, b, at, first + 4u);
      }
      if (DEPTH > 8u) {
        sums = add_fours(sums, c, at, first + 8u);
      }
      if (DEPTH > 12u) {
        sums = add_fours(sums, d, at, first + 12u);
      }
#else
      for (var u = first; u < first + DEPTH; u += 4u) {
        sums = add_fours(sums, load_fours(part, u, pair), at, u);
      }
#endif
      store_partial(piece, pair, sums);
    }
    workgroupBarrier();
    complete_elements(step, first_row, lane);
  }
}
