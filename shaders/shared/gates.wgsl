// The gates of a recurrent layer: gates [T, B, G*H], gate g of unit u at g*H + u.

const GATES = 4u; // G

fn gates_index(t: u32, row: u32, unit: u32) -> u32 {
  return (t * dims.batch + row) * GATES * HIDDEN + unit;
}

fn load_gates(at: u32) -> Gates {
  return Gates(gates[at], gates[at + HIDDEN], gates[at + 2u * HIDDEN], gates[at + 3u * HIDDEN]);
}

fn store_gates(at: u32, value: Gates) {
  gates[at] = value.x;
  gates[at + HIDDEN] = value.y;
  gates[at + 2u * HIDDEN] = value.z;
  gates[at + 3u * HIDDEN] = value.w;
}
