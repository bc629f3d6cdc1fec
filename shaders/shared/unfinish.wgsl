// The second stage of one step back: from the gradient of h to that of the second product.

fn unfinish(step: u32, row: u32, unit: u32) -> f32 {
  let t = time_of(step);
  var dh_after = total_dh(t, row, unit);
  var kept = 0.0;
#if KEEPS
  let share = share_of_h(t, row, unit);
  kept = (1.0 - share) * dh_after;
  dh_after *= share;
#endif
#if RESETS
  let at = gates_index(t, row, unit);
  let last = at + GATES * HIDDEN;
  let previous = states[h_index(row_before(t), row) + unit];
  let back = second_backward(SecondBack(gates[last], load_gates(at), previous, dh_after));
  gates[last] = back.dr;
  dstate[tail_index(dims.carry, row, HIDDEN, unit)] = back.carry;
#else
  let back = second_backward(SecondBack(gates[second_index(t, row) + unit], Gates(), 0.0, dh_after));
#endif
  dstate[carried_h(row) + unit] = kept + back.dprevious;
#if SECOND_NORM
#else
  gates[second_index(t, row) + unit] = back.dr;
#endif
  return back.dr;
}

// For one unit of the quad; 0 in rows beyond the batch.
fn unfinish_quad(step: u32, first_row: u32, unit: u32) -> vec4f {
  var dq = vec4f();
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      dq[i] = unfinish(step, first_row + i, unit);
    }
  }
  return dq;
}
