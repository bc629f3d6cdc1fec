// How weights in float16 of the gate of a cell that has one are read, two to a word; see shared/weights.

alias Packed = u32; // two weights

fn weight_at(at: u32) -> Gates {
  return half_of(recurrent[at / 2u], at % 2u);
}

fn numbers_at(at: u32) -> Gates {
  return bitcast<f32>(recurrent[at / 2u]);
}
