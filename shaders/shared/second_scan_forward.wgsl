// The second stage of a step for the tile of one invocation of the scan.

fn finish_tile(step: u32, first_row: u32, lane: u32) {
  var sums = second_sums(step, tile_rows(first_row), tile_units(lane, OUT));
#if SECOND_NORM
  sums = normalise_second(step, first_row, lane, sums);
#endif
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < OUT) {
      finish_quad(step, first_row, unit, sums[i]);
    }
  }
}
