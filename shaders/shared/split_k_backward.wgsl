// Sums over a piece of u, for a quad of rows of two units, PAIRS apart, so that each gradient that is loaded serves both.
#import shared/split_k
#import shared/contract

const PAIRS = (TILE + 1u) / 2u;
const PIECES = LANES / PAIRS;
const DEPTH = (HIDDEN + 4u * PIECES - 1u) / (4u * PIECES) * 4u; // of a piece

var<workgroup> sh_partial: array<f32, PIECES * ELEMENTS>; // [PIECES, TILE_ROWS, TILE]

// Weights of both units at four steps of u.
struct Fours {
  near: Four,
  far: Four,
}

// Of both units for a quad of rows.
struct PairSums {
  near: vec4f,
  far: vec4f,
}

fn load_weight(packed: u32, u: u32, unit: u32) -> Gates {
  return select(Gates(), weight_at(packed * dims.recurrent_part + u * OUT + unit), u < HIDDEN && unit < OUT);
}

fn load_fours(packed: u32, u: u32, unit: u32) -> Fours {
  return Fours(load_four(packed, u, unit), load_four(packed, u, unit + PAIRS));
}

fn add_one(sums: PairSums, near: Gates, far: Gates, dr: Quad) -> PairSums {
  return PairSums(sums.near + contract(near, dr), sums.far + contract(far, dr));
}

fn add_fours(sums: PairSums, weights: Fours, at: vec4u, u: u32) -> PairSums {
  let one = add_one(sums, weights.near.a, weights.far.a, dr_quad(at, u));
  let two = add_one(one, weights.near.b, weights.far.b, dr_quad(at, u + 1u));
  let three = add_one(two, weights.near.c, weights.far.c, dr_quad(at, u + 2u));
  return add_one(three, weights.near.d, weights.far.d, dr_quad(at, u + 3u));
}

// column: of the tile
fn store_column(piece: u32, column: u32, sum: vec4f) {
  let at = piece * ELEMENTS + column;
  sh_partial[at] = sum.x;
  if (TILE_ROWS > 1u) {
    sh_partial[at + TILE] = sum.y;
    sh_partial[at + 2u * TILE] = sum.z;
    sh_partial[at + 3u * TILE] = sum.w;
  }
}

fn store_partial(piece: u32, pair: u32, sums: PairSums) {
  store_column(piece, pair, sums.near);
  if (pair + PAIRS < TILE) {
    store_column(piece, pair + PAIRS, sums.far);
  }
}

// What came through R to an element.
fn meet(element: u32) -> f32 {
  var sum = 0.0;
  for (var piece = 0u; piece < PIECES; piece++) {
    sum += sh_partial[piece * ELEMENTS + element];
  }
  return sum;
}
