// One step back of a quad of batch rows, the same for both machines. dstate [S, B, H] holds the gradient of the states
// on its way from row T to row 0; what passes through R·h is added by the machine.
#import cell
#import shared/gates
#import shared/states

// Takes the gradient of an element from row t+1 of the states to row t, and its saved gates to their gradients.
fn retreat(t: u32, row: u32, unit: u32) -> Gates {
  let element = row * HIDDEN + unit;
  let plane = dims.batch * HIDDEN;
  let at = gates_index(t, row, unit);
  let dnext = State(dstate[element] + dh[t * plane + element], dstate[element + plane]);
  let back = cell_backward(load_gates(at), load_state(t, element), load_state(t + 1u, element), dnext);
  store_gates(at, back.dgates);
  dstate[element] = back.dprevious.x;
  dstate[element + plane] = back.dprevious.y;
  return back.dgates;
}

// The gate gradients of one unit of the quad; 0 in rows beyond the batch.
fn retreat_quad(t: u32, first_row: u32, unit: u32) -> Quad {
  var dgates = Quad();
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      dgates[i] = retreat(t, first_row + i, unit);
    }
  }
  return dgates;
}

// Adds what came through R·h to the gradient of h.
fn add_dh(first_row: u32, unit: u32, sum: vec4f) {
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      dstate[(first_row + i) * HIDDEN + unit] += sum[i];
    }
  }
}
