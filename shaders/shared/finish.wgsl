// The second stage of one step, which makes h of what the first has left and the second product.

// Returns the operand of the next step.
fn finish(step: u32, row: u32, unit: u32, q: f32) -> f32 {
  let t = time_of(step);
  let previous = states[h_index(row_before(t), row) + unit];
#if RESETS
  let at = gates_index(t, row, unit);
  let last = at + GATES * HIDDEN;
  let next = second_forward(SecondStep(gates[last], q, load_gates(at), previous));
  gates[last] = next.saved;
#else
  let next = second_forward(SecondStep(0.0, q, Gates(), 0.0));
  gates[second_index(t, row) + unit] = next.saved;
#endif
#if KEEPS
  return store_h(step, row, unit, mix(previous, next.h, share_of_h(t, row, unit)));
#else
  return store_h(step, row, unit, next.h);
#endif
}

fn finish_quad(step: u32, first_row: u32, unit: u32, q: vec4f) {
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      finish(step, first_row + i, unit, q[i]);
    }
  }
}
