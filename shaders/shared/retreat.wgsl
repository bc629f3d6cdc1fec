// One step back of a quad of batch rows, the same for both machines. dstate [S, B, H] holds the gradient of the states
// on its way from row T to row 0; what passes through R·h is added by the machine.
#import cell
#import shared/cell
#import shared/gates
#import shared/states

// The gradient of row t+1 of the states: what came back to it, and the cotangent of the output.
fn load_dstate(t: u32, element: u32) -> State {
  let plane = dims.batch * HIDDEN;
  var value = State(dstate[element] + dh[t * plane + element], 0.0);
  if (STATES > 1u) {
    value.y = dstate[element + plane];
  }
  return value;
}

fn store_dstate(element: u32, value: State) {
  dstate[element] = value.x;
  if (STATES > 1u) {
    dstate[element + dims.batch * HIDDEN] = value.y;
  }
}

// Takes the gradient of an element from row t+1 of the states to row t, and what step t saved to the gradients of its
// pre-activations. Returns those that pass through R.
fn retreat(t: u32, row: u32, unit: u32) -> Gates {
  let element = row * HIDDEN + unit;
  let at = gates_index(t, row, unit);
  let saved = load_gates(at);
  let previous = load_state(t, element);
  let next = load_state(t + 1u, element);
#if SPLIT
  let back = cell_backward(saved, previous, next, load_dstate(t, element), load_gates(dims.r_gates + at));
  let dr = back.dr;
  store_gates(dims.r_gates + at, dr);
#else
  let back = cell_backward(saved, previous, next, load_dstate(t, element));
  let dr = back.dgates;
#endif
  store_gates(at, back.dgates);
  store_dstate(element, back.dprevious);
  return dr;
}

// What passes through R of one unit of the quad; 0 in rows beyond the batch.
fn retreat_quad(t: u32, first_row: u32, unit: u32) -> Quad {
  var dr = Quad();
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      dr[i] = retreat(t, first_row + i, unit);
    }
  }
  return dr;
}

// Adds what came through R·h to the gradient of h.
fn add_dh(first_row: u32, unit: u32, sum: vec4f) {
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      dstate[(first_row + i) * HIDDEN + unit] += sum[i];
    }
  }
}
