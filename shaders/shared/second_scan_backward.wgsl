// The second stage of a step back for the tile of one invocation of the scan.

// From the gradient of h to what comes through the second product.
fn second_stage(step: u32, first_row: u32, lane: u32) -> Tile {
  var dq = Tile();
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < OUT) {
      dq[i] = unfinish_quad(step, first_row, unit);
    }
  }
#if SECOND_NORM
  denormalise_second(step, first_row, lane, dq);
#endif
  storageBarrier();
  return second_gradients(step, tile_rows(first_row), tile_units(lane, HIDDEN));
}
