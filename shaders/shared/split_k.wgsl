// What both ways share of a scan whose products are split over k.

#if ONE_ROW
const TILE_ROWS = 1u; // of the quad
#else
const TILE_ROWS = ROWS;
#endif

// Weights at four steps of k.
struct Four {
  a: Gates,
  b: Gates,
  c: Gates,
  d: Gates,
}
