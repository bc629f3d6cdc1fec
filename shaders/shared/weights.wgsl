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
#import shared/half_weights
#else
alias Packed = Gates;

const NUMBERS = 1u;
const ROWS_AT = OPERANDS * HIDDEN;

fn weight_at(at: u32) -> Gates {
  return recurrent[at];
}

fn numbers_at(at: u32) -> Gates {
  return recurrent[at];
}
#endif

#if TWO_STAGES
#import shared/second_weights
#endif
