// What both ways share of products that are split over k: each unit of a workgroup's TILE has PIECES invocations, each with
// a piece of the sum. The sums of pieces meet in workgroup memory, where one invocation for each element, a row of a unit,
// adds them in order and goes on from there: so elements wait for memory together, not in turn.

#if ONE_ROW
const TILE_ROWS = 1u; // of the quad
#else
const TILE_ROWS = ROWS;
#endif
const ELEMENTS = TILE_ROWS * TILE;

// Weights at four steps of k.
struct Four {
  a: Gates,
  b: Gates,
  c: Gates,
  d: Gates,
}

// packed: which part of the packed weights
fn load_four(packed: u32, k: u32, unit: u32) -> Four {
  return Four(
    load_weight(packed, k, unit),
    load_weight(packed, k + 1u, unit),
    load_weight(packed, k + 2u, unit),
    load_weight(packed, k + 3u, unit),
  );
}
