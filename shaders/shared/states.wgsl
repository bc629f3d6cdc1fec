// The states of a recurrent layer: states [S, lead + (T+1)*B*H]. Plane s holds rows 0 to T of state s, the output h
// first; row 0 is the initial state and row t+1 what step t makes of row t. An element is one unit of one batch row,
// b*H + u.

const STATES = 2u; // S, 1 or 2

alias State = vec2f; // the output h, and what a cell of two states keeps besides

fn state_index(t: u32, element: u32) -> u32 {
  return dims.lead + t * dims.batch * HIDDEN + element;
}

fn load_state(t: u32, element: u32) -> State {
  let at = state_index(t, element);
  var value = State(states[at], 0.0);
  if (STATES > 1u) {
    value.y = states[at + dims.plane];
  }
  return value;
}
