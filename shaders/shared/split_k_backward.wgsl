// The mirror of shared/split_k_forward: the sums over u for h before a step are split. An invocation sums for two units, PAIRS
// apart, so that each gradient that it loads serves both.
#import shared/split_k
#import shared/contract

const PAIRS = (OUT + 1u) / 2u;
const PIECES = LANES / PAIRS;
const DEPTH = (HIDDEN + 4u * PIECES - 1u) / (4u * PIECES) * 4u; // of a piece
const ELEMENTS = TILE_ROWS * OUT;

var<workgroup> sh_dr: array<Quad, PIECES * DEPTH>; // zero beyond H
var<workgroup> sh_partial: array<f32, PIECES * ELEMENTS>; // [PIECES, TILE_ROWS, OUT]

// Weights of both units at four steps of u.
struct Fours {
  near: Four,
  far: Four,
}

// Of both units for a quad of rows.
struct Sums {
  near: vec4f,
  far: vec4f,
}

fn load_weight(u: u32, unit: u32) -> Gates {
  return select(Gates(), weight_at(part * dims.recurrent_part + u * OUT + unit), u < HIDDEN && unit < OUT);
}

fn load_four(u: u32, unit: u32) -> Four {
  return Four(load_weight(u, unit), load_weight(u + 1u, unit), load_weight(u + 2u, unit), load_weight(u + 3u, unit));
}

fn load_fours(u: u32, pair: u32) -> Fours {
  return Fours(load_four(u, pair), load_four(u, pair + PAIRS));
}

fn add_one(sums: Sums, near: Gates, far: Gates, u: u32) -> Sums {
  let dr = sh_dr[u];
  return Sums(sums.near + contract(near, dr), sums.far + contract(far, dr));
}

fn add_fours(sums: Sums, weights: Fours, u: u32) -> Sums {
  let half = add_one(add_one(sums, weights.near.a, weights.far.a, u), weights.near.b, weights.far.b, u + 1u);
  return add_one(add_one(half, weights.near.c, weights.far.c, u + 2u), weights.near.d, weights.far.d, u + 3u);
}

fn store_partial(piece: u32, unit: u32, sum: vec4f) {
  let at = piece * ELEMENTS + unit;
  sh_partial[at] = sum.x;
  if (TILE_ROWS > 1u) {
    sh_partial[at + OUT] = sum.y;
    sh_partial[at + 2u * OUT] = sum.z;
    sh_partial[at + 3u * OUT] = sum.w;
  }
}

fn retreat_elements(step: u32, first_row: u32, lane: u32) {
  for (var i = lane; i < TILE_ROWS * HIDDEN; i += LANES) {
    let row = first_row + i / HIDDEN;
    let unit = i % HIDDEN;
    if (row < dims.batch) {
      sh_dr[unit][i / HIDDEN] = retreat(step, row, unit, 0.0);
    }
  }
}

fn complete_elements(step: u32, first_row: u32, lane: u32) {
  for (var i = lane; i < ELEMENTS; i += LANES) {
    let row = first_row + i / OUT;
    let unit = i % OUT;
    if (row < dims.batch) {
      var sum = 0.0;
      for (var piece = 0u; piece < PIECES; piece++) {
        sum += sh_partial[piece * ELEMENTS + i];
      }
      add_dh(step, row, unit, sum);
    }
  }
}

fn take_steps(first_row: u32, lane: u32) {
  let piece = lane / PAIRS;
  let pair = lane % PAIRS;
  let first = piece * DEPTH;
#if STATIONARY
  let a = load_fours(first, pair);
  let b = load_fours(first + 4u, pair);
#endif
  for (var after = dims.end; after > dims.begin; after--) {
    let step = after - 1u;
    retreat_elements(step, first_row, lane);
    workgroupBarrier();
    if (piece < PIECES) {
      var sums = Sums();
#if STATIONARY
      sums = add_fours(sums, a, first);
      if (DEPTH > 4u) {
        sums = add_fours(sums, b, first + 4u);
      }
#else
      for (var u = first; u < first + DEPTH; u += 4u) {
        sums = add_fours(sums, load_fours(u, pair), u);
      }
#endif
      store_partial(piece, pair, sums.near);
      if (pair + PAIRS < OUT) {
        store_partial(piece, pair + PAIRS, sums.far);
      }
    }
    workgroupBarrier();
    complete_elements(step, first_row, lane);
  }
}
