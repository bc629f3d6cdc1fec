// What layers of a wavefront that lie on another read from it: x, which for the lowest a product of all steps has left in
// the gates. W and b_ih lie behind the weights of all layers' R, those of the second layer first.

fn input_sums(step: u32, rows: vec4u, units: vec4u) -> GatesTile {
  let below = h_index(row_after(time_of(step)), 0u) - dims.states_part;
  return weighted_sums(dims.layers + part - 1u, below + rows * OUT, step, units);
}

fn put_inputs(step: u32, first_row: u32, unit: u32, inputs: Quad) {
  var x = inputs;
  for (var row = first_row; row < min(first_row + ROWS, dims.batch); row++) {
    store_gates(gates_index(time_of(step), row, unit), x[row - first_row]);
  }
}
