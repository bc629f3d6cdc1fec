// How weights in float16 of the gates of a cell that has two are read; see shared/weights.

alias Packed = u32; // a weight of each gate

fn weight_at(at: u32) -> Gates {
  return unpack2x16float(recurrent[at]);
}

fn numbers_at(at: u32) -> Gates {
  return bitcast<vec2f>(vec2u(recurrent[at], recurrent[at + 1u]));
}
