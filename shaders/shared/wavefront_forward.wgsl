// What layers of a wavefront that lie on another read from it: x, which for the lowest a product of all steps has left in
// the gates. W and b_ih lie behind the weights of all layers' R, those of the second layer first.

// Which part of the packed weights W is.
fn input_part() -> u32 {
  return dims.layers + part - 1u;
}

// Where the h of row 0 lies that W is multiplied with.
fn input_base(step: u32) -> u32 {
  return h_index(row_after(time_of(step)), 0u) - dims.states_part;
}
