// Sums over a piece of k, for a quad of rows of a unit. Four weights at a time are on their way.
#import shared/split_k
#import shared/add_outer

const PIECES = LANES / TILE;
const DEPTH = (OUT + 4u * PIECES - 1u) / (4u * PIECES) * 4u; // of a piece

var<workgroup> sh_partial: array<Gates, PIECES * ELEMENTS>; // [PIECES, TILE_ROWS, TILE]

fn load_weight(packed: u32, k: u32, unit: u32) -> Gates {
  return select(Gates(), weight_at(packed * dims.recurrent_part + k * HIDDEN + unit), k < OUT);
}

fn add_four(sum: Quad, weights: Four, at: vec4u, k: u32) -> Quad {
  let half = add_outer(add_outer(sum, weights.a, operand_quad(at, k)), weights.b, operand_quad(at, k + 1u));
  return add_outer(add_outer(half, weights.c, operand_quad(at, k + 2u)), weights.d, operand_quad(at, k + 3u));
}

// column: of the tile
fn store_partial(piece: u32, column: u32, sum: Quad) {
  let at = piece * ELEMENTS + column;
  sh_partial[at] = sum[0];
  if (TILE_ROWS > 1u) {
    sh_partial[at + TILE] = sum[1];
    sh_partial[at + 2u * TILE] = sum[2];
    sh_partial[at + 3u * TILE] = sum[3];
  }
}

// The product of an element, with b.
fn meet(packed: u32, element: u32, unit: u32) -> Gates {
  var sum = unit_row_of(packed, SHIFT_ROW, unit);
  for (var piece = 0u; piece < PIECES; piece++) {
    sum += sh_partial[piece * ELEMENTS + element];
  }
  return sum;
}
