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
#import shared/half_one_gate
#endif
