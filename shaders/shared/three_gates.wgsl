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
alias Packed = vec2u; // a weight of each gate

fn weight_at(at: u32) -> Gates {
  let packed = recurrent[at];
  return Gates(unpack2x16float(packed.x), unpack2x16float(packed.y).x);
}

fn numbers_at(at: u32) -> Gates {
  return Gates(bitcast<vec2f>(recurrent[at]), bitcast<f32>(recurrent[at + 1u].x));
}
#endif
