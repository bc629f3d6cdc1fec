// The gates of a cell that has four.

const GATES = 4u; // G

alias Gates = vec4f;

fn load_gates(at: u32) -> Gates {
  return Gates(gates[at], gates[at + HIDDEN], gates[at + 2u * HIDDEN], gates[at + 3u * HIDDEN]);
}

fn store_gates(at: u32, value: Gates) {
  gates[at] = value.x;
  gates[at + HIDDEN] = value.y;
  gates[at + 2u * HIDDEN] = value.z;
  gates[at + 3u * HIDDEN] = value.w;
}

fn dot_gates(a: Gates, b: Gates) -> f32 {
  return dot(a, b);
}

fn gate_of(value: Gates, gate: u32) -> f32 {
  return value[gate];
}

#if HALF
#import shared/half_four_gates
#endif
