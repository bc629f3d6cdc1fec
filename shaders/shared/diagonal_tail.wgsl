// The gradient of a diagonal R, summed over time; see shared/tail.

// For one unit of the quad.
fn add_diagonal_to_tail(step: u32, first_row: u32, unit: u32, gradients: Quad) {
  let t = time_of(step);
  var dr = gradients;
  for (var i = 0u; i < ROWS; i++) {
    let row = first_row + i;
    if (row < dims.batch) {
#if DROPPED
      let operand = gates[operand_index(t, row) + unit];
#else
      let operand = states[h_index(row_before(t), row) + unit];
#endif
      add_to_tail(dims.ddiagonal, row, GATES, unit, dr[i] * operand);
    }
  }
}
