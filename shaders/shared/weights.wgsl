// The packed weights of the products and the rows behind them (pack_recurrent) as the machines read them. An index counts
// the weights of a unit, all its gates together.
// HALF: weights are float16, two to a word, and are computed with in float32; how they are read depends on the gates
// (shared/half_one_gate and the like). The rows stay float32: they begin at an even index, and a unit's numbers take two.

#if DIAGONAL
const OPERANDS = 1u; // numbers that a unit's product sums over
#else
const OPERANDS = OUT;
#endif

#if HALF
alias Second = u32;

const NUMBERS = 2u; // from a unit's numbers in a row to the next
const ROWS_AT = (OPERANDS * HIDDEN + 1u) / 2u * 2u; // where the rows begin
const SECOND_ROWS_AT = (OUT * HIDDEN + 1u) / 2u * 2u;

// One of two float16.
fn half_of(word: u32, place: u32) -> f32 {
  return unpack2x16float(word >> (16u * place)).x;
}
#else
alias Packed = Gates;
alias Second = f32;

const NUMBERS = 1u;
const ROWS_AT = OPERANDS * HIDDEN;
const SECOND_ROWS_AT = OUT * HIDDEN;

fn weight_at(at: u32) -> Gates {
  return recurrent[at];
}

fn numbers_at(at: u32) -> Gates {
  return recurrent[at];
}
#endif

#if TWO_STAGES
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
#endif
