// Weights in float16, two to a word, as the machines read them; see shared/weights.

const NUMBERS = 2u; // from a unit's numbers in a row to the next
const ROWS_AT = (OPERANDS * HIDDEN + 1u) / 2u * 2u; // where the rows begin

// One of two float16.
fn half_of(word: u32, place: u32) -> f32 {
  return unpack2x16float(word >> (16u * place)).x;
}
