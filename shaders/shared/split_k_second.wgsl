// The second product of a cell of two stages, split over k in the same way: of each row SECOND_K numbers give SECOND_TILE.

const SECOND_PIECES = LANES / SECOND_TILE;
const SECOND_DEPTH = (SECOND_K + SECOND_PIECES - 1u) / SECOND_PIECES; // of a piece

var<workgroup> sh_second_operand: array<array<f32, ROWS>, SECOND_PIECES * SECOND_DEPTH>; // zero beyond SECOND_K
// [SECOND_PIECES, TILE_ROWS, SECOND_TILE]
var<workgroup> sh_second_partial: array<f32, SECOND_PIECES * TILE_ROWS * SECOND_TILE>;

fn sum_second_pieces(lane: u32) {
  let piece = lane / SECOND_TILE;
  let unit = lane % SECOND_TILE;
  if (piece >= SECOND_PIECES) {
    return;
  }
  let weights = part * dims.second_part + unit;
  var sum = vec4f();
  for (var k = piece * SECOND_DEPTH; k < min((piece + 1u) * SECOND_DEPTH, SECOND_K); k++) {
    let rows = vec4f(
      sh_second_operand[k][0],
      sh_second_operand[k][1],
      sh_second_operand[k][2],
      sh_second_operand[k][3],
    );
    sum += second_weight_at(weights + k * SECOND_TILE) * rows;
  }
  let at = piece * TILE_ROWS * SECOND_TILE + unit;
  sh_second_partial[at] = sum.x;
  if (TILE_ROWS > 1u) {
    sh_second_partial[at + SECOND_TILE] = sum.y;
    sh_second_partial[at + 2u * SECOND_TILE] = sum.z;
    sh_second_partial[at + 3u * SECOND_TILE] = sum.w;
  }
}

fn meet_second(element: u32) -> f32 {
  var sum = 0.0;
  for (var piece = 0u; piece < SECOND_PIECES; piece++) {
    sum += sh_second_partial[piece * TILE_ROWS * SECOND_TILE + element];
  }
  return sum;
}
