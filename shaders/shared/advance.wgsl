// One step of a quad of batch rows once the recurrent sums are known, the same for both machines.
#import cell
#import shared/cell
#import shared/gates
#import shared/states

fn store_state(t: u32, element: u32, value: State) {
  let at = state_index(t, element);
  states[at] = value.x;
  if (STATES > 1u) {
    states[at + dims.plane] = value.y;
  }
}

// The carried state, [S, B, H].
fn load_carried(element: u32) -> State {
  var value = State(state[element], 0.0);
  if (STATES > 1u) {
    value.y = state[element + dims.batch * HIDDEN];
  }
  return value;
}

fn store_carried(element: u32, value: State) {
  state[element] = value.x;
  if (STATES > 1u) {
    state[element + dims.batch * HIDDEN] = value.y;
  }
}

// Takes an element from row t of the states to row t+1 and leaves in `gates` what the backward pass needs. The last
// step also leaves its result in `state`, for the next pass.
fn advance(t: u32, row: u32, unit: u32, r: Gates) -> f32 {
  let element = row * HIDDEN + unit;
  let at = gates_index(t, row, unit);
  let next = cell_forward(load_gates(at), r, load_state(t, element));
  store_gates(at, next.saved);
#if SPLIT
  store_gates(dims.r_gates + at, r);
#endif
  store_state(t + 1u, element, next.state);
  if (t + 1u == dims.time) {
    store_carried(element, next.state);
  }
  return next.state.x;
}

// The new h of one unit of the quad; 0 in rows beyond the batch.
fn advance_quad(t: u32, first_row: u32, unit: u32, r: Quad) -> vec4f {
  var sums = r;
  var h = vec4f();
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      h[i] = advance(t, first_row + i, unit, sums[i]);
    }
  }
  return h;
}
