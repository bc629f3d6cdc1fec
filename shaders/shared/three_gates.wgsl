// The gates of a cell that has three. In array<Gates> they lie 16 bytes apart, as four would.

const GATES = 3u; // G

alias Gates = vec3f;

fn load_gates(at: u32) -> Gates {
  return Gates(gates[at], gates[at + HIDDEN], gates[at + 2u * HIDDEN]);
}

fn store_gates(at: u32, value: Gates) {
  gates[at] = value.x;
  gates[at + HIDDEN] = value.y;
  gates[at + 2u * HIDDEN] = value.z;
}

fn dot_gates(a: Gates, b: Gates) -> f32 {
  return dot(a, b);
}

fn gate_of(value: Gates, gate: u32) -> f32 {
  return value[gate];
}

#if HALF
#import shared/half_three_gates
#endif
