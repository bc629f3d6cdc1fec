// Layer normalisation between product and maths (Ba, Kiros & Hinton 2016): a row of products, all gates of all units
// together, to mean 0 and variance 1, then times a gain, plus b_hh. A workgroup owns all units of a quad of rows.
//   leaves the normalised products in r, and 1 / standard deviation
#import shared/row_sums

const VARIANCE_FLOOR = 1e-5; // added to the variance, as torch.nn.LayerNorm does

fn normalise(step: u32, first_row: u32, lane: u32, products: GatesTile) -> GatesTile {
  let t = time_of(step);
  var tile = products;
  var total = vec4f();
  for (var i = 0u; i < UNITS; i++) {
    if (lane + i * LANES < HIDDEN) {
      total += sum_gates_quad(tile[i]);
    }
  }
  let mean = sum_rows(lane, total) / f32(GATES * HIDDEN);
  var squares = vec4f();
  for (var i = 0u; i < UNITS; i++) {
    if (lane + i * LANES < HIDDEN) {
      for (var row = 0u; row < ROWS; row++) {
        let centred = tile[i][row] - mean[row];
        tile[i][row] = centred;
        squares[row] += dot_gates(centred, centred);
      }
    }
  }
  let deviation = inverseSqrt(sum_rows(lane, squares) / f32(GATES * HIDDEN) + VARIANCE_FLOOR);
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < HIDDEN) {
      for (var row = 0u; row < ROWS; row++) {
        let normal = tile[i][row] * deviation[row];
        tile[i][row] = normal * unit_row(GAIN_ROW, unit) + unit_row(SHIFT_ROW, unit);
        if (first_row + row < dims.batch) {
          store_gates(r_index(t, first_row + row, unit), normal);
        }
      }
    }
  }
  store_deviation(0u, t, first_row, lane, deviation);
  return tile;
}

fn store_deviation(stage: u32, t: u32, first_row: u32, lane: u32, deviation: vec4f) {
  if (lane < ROWS && first_row + lane < dims.batch) {
    gates[deviation_index(stage, t, first_row + lane)] = deviation[lane];
  }
}

#if SECOND_NORM
// The same for the second product.
fn normalise_second(step: u32, first_row: u32, lane: u32, products: Tile) -> Tile {
  let t = time_of(step);
  var tile = products;
  var total = vec4f();
  for (var i = 0u; i < UNITS; i++) {
    if (lane + i * LANES < OUT) {
      total += tile[i];
    }
  }
  let mean = sum_rows(lane, total) / f32(OUT);
  var squares = vec4f();
  for (var i = 0u; i < UNITS; i++) {
    if (lane + i * LANES < OUT) {
      tile[i] -= mean;
      squares += tile[i] * tile[i];
    }
  }
  let deviation = inverseSqrt(sum_rows(lane, squares) / f32(OUT) + VARIANCE_FLOOR);
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < OUT) {
      let normal = tile[i] * deviation;
      tile[i] = normal * second_unit_row(GAIN_ROW, unit) + second_unit_row(SHIFT_ROW, unit);
      for (var row = 0u; row < ROWS; row++) {
        if (first_row + row < dims.batch) {
          gates[second_index(t, first_row + row) + unit] = normal[row];
        }
      }
    }
  }
  store_deviation(1u, t, first_row, lane, deviation);
  return tile;
}
#endif
