// How weights in float16 of the gates of a cell that has four are read; see shared/weights.

alias Packed = vec2u; // a weight of each gate

fn weight_at(at: u32) -> Gates {
  let packed = recurrent[at];
  return Gates(unpack2x16float(packed.x), unpack2x16float(packed.y));
}

fn numbers_at(at: u32) -> Gates {
  return Gates(bitcast<vec2f>(recurrent[at]), bitcast<vec2f>(recurrent[at + 1u]));
}
