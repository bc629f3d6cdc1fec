// The packed weights of the second product, and the rows behind them; see shared/weights.

#if HALF
alias Second = u32;

const SECOND_ROWS_AT = (OUT * HIDDEN + 1u) / 2u * 2u; // where the rows begin
#else
alias Second = f32;

const SECOND_ROWS_AT = OUT * HIDDEN;
#endif

fn second_weight_at(at: u32) -> f32 {
#if HALF
  return half_of(second[at / 2u], at % 2u);
#else
  return second[at];
#endif
}

fn second_number_at(at: u32) -> f32 {
#if HALF
  return bitcast<f32>(second[at / 2u]);
#else
  return second[at];
#endif
}

fn second_unit_row(row: u32, unit: u32) -> f32 {
  return second_number_at(part * dims.second_part + SECOND_ROWS_AT + NUMBERS * (row * OUT + unit));
}
