// The way back through shared/normalise: with n the normalised products, g the gain and d the gradients of what came out,
//   d n = g d,  d product = (dn - mean(dn) - n mean(n dn)) / standard deviation
//   leaves the gradients of the products in r, and adds those of gain and b_hh to the tail
#import shared/row_sums

fn denormalise(step: u32, first_row: u32, lane: u32, gradients: GatesTile) -> GatesTile {
  let t = time_of(step);
  var tile = gradients;
  var sums = vec4f();
  var products = vec4f();
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    for (var row = 0u; row < ROWS; row++) {
      if (unit < HIDDEN && first_row + row < dims.batch) {
        let normal = load_gates(r_index(t, first_row + row, unit));
        let gradient = tile[i][row];
        add_to_tail(dims.dgain, first_row + row, ALL_GATES, unit, gradient * normal);
#if SPLIT
        add_to_tail(dims.dshift, first_row + row, GATES, unit, gradient);
#endif
        tile[i][row] = gradient * unit_row(GAIN_ROW, unit);
        sums[row] += sum_gates(tile[i][row]);
        products[row] += dot_gates(tile[i][row], normal);
      }
    }
  }
  let mean = sum_rows(lane, sums) / f32(GATES * HIDDEN);
  let slope = sum_rows(lane, products) / f32(GATES * HIDDEN);
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    for (var row = 0u; row < ROWS; row++) {
      if (unit < HIDDEN && first_row + row < dims.batch) {
        let at = r_index(t, first_row + row, unit);
        let deviation = gates[deviation_index(0u, t, first_row + row)];
        tile[i][row] = deviation * (tile[i][row] - mean[row] - load_gates(at) * slope[row]);
        store_gates(at, tile[i][row]);
      }
    }
  }
  return tile;
}

#if SECOND_NORM
// The same for the second product, whose gradients go to second.
fn denormalise_second(step: u32, first_row: u32, lane: u32, gradients: Tile) {
  let t = time_of(step);
  var tile = gradients;
  var sums = vec4f();
  var products = vec4f();
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    for (var row = 0u; row < ROWS; row++) {
      if (unit < OUT && first_row + row < dims.batch) {
        let normal = gates[second_index(t, first_row + row) + unit];
        dstate[tail_index(dims.dgain, first_row + row, ALL_GATES * HIDDEN, GATES * HIDDEN + unit)] += tile[i][row] * normal;
        tile[i][row] *= second_unit_row(GAIN_ROW, unit);
        sums[row] += tile[i][row];
        products[row] += tile[i][row] * normal;
      }
    }
  }
  let mean = sum_rows(lane, sums) / f32(OUT);
  let slope = sum_rows(lane, products) / f32(OUT);
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    for (var row = 0u; row < ROWS; row++) {
      if (unit < OUT && first_row + row < dims.batch) {
        let at = second_index(t, first_row + row) + unit;
        let deviation = gates[deviation_index(1u, t, first_row + row)];
        gates[at] = deviation * (tile[i][row] - mean[row] - gates[at] * slope[row]);
      }
    }
  }
}
#endif
