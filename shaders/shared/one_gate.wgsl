// The gate of a cell that has one.

const GATES = 1u; // G

alias Gates = f32;

fn load_gates(at: u32) -> Gates {
  return gates[at];
}

fn store_gates(at: u32, value: Gates) {
  gates[at] = value;
}

fn dot_gates(a: Gates, b: Gates) -> f32 {
  return a * b;
}

fn gate_of(value: Gates, gate: u32) -> f32 {
  return value;
}

#if HALF
alias Packed = u32; // two weights

fn weight_at(at: u32) -> Gates {
  return half_of(recurrent[at / 2u], at % 2u);
}

fn numbers_at(at: u32) -> Gates {
  return bitcast<f32>(recurrent[at / 2u]);
}
#endif
