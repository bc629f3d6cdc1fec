// What layers of a wavefront get from the layer above, whose step it has taken already: Wᵀ·dx. W lies behind the weights of
// all layers' R, that of the second layer first.

// Which part of the packed weights W is.
fn above_part() -> u32 {
  return dims.layers + part;
}

// Where the dx of row 0 begins that Wᵀ is multiplied with.
fn above_base(step: u32) -> u32 {
  return gates_index(time_of(step), 0u, 0u) + dims.gates_part;
}
