// The gates of a cell that has two.

const GATES = 2u; // G

alias Gates = vec2f;

fn load_gates(at: u32) -> Gates {
  return Gates(gates[at], gates[at + HIDDEN]);
}

fn store_gates(at: u32, value: Gates) {
  gates[at] = value.x;
  gates[at + HIDDEN] = value.y;
}

fn dot_gates(a: Gates, b: Gates) -> f32 {
  return dot(a, b);
}

fn gate_of(value: Gates, gate: u32) -> f32 {
  return value[gate];
}

#if HALF
alias Packed = u32; // a weight of each gate

fn weight_at(at: u32) -> Gates {
  return unpack2x16float(recurrent[at]);
}

fn numbers_at(at: u32) -> Gates {
  return bitcast<vec2f>(vec2u(recurrent[at], recurrent[at + 1u]));
}
#endif
