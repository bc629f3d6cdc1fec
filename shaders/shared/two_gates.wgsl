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
#import shared/half_two_gates
#endif
