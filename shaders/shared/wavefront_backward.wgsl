// What layers of a wavefront get from the layer above, whose step it has taken already: Wᵀ·dx. W lies behind the weights of
// all layers' R, that of the second layer first.

fn input_gradients(step: u32, rows: vec4u, units: vec4u) -> Tile {
  let above = gates_index(time_of(step), 0u, 0u) + dims.gates_part;
  return contracted(dims.layers + part, above + rows * GATES * HIDDEN, units);
}
