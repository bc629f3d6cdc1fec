// Rows of per-unit parameters behind the packed weights: for a row `ROW`, one for each unit.

const SHIFT_ROW = 0u; // b_hh
const PEEPHOLES_ROW = 1u;
const GAIN_ROW = 2u; // of LAYER_NORM

fn unit_row(row: u32, unit: u32) -> Gates {
  return unit_row_of(part, row, unit);
}

// packed: which part of the packed weights
fn unit_row_of(packed: u32, row: u32, unit: u32) -> Gates {
  return numbers_at(packed * dims.recurrent_part + ROWS_AT + NUMBERS * (row * HIDDEN + unit));
}

fn peepholes_of(unit: u32) -> vec3f {
#if PEEPHOLES
  return unit_row(PEEPHOLES_ROW, unit).xyz;
#else
  return vec3f();
#endif
}
