// The states that a step began with; no h if PROJECTS, see shared/cell.

fn load_previous(t: u32, row: u32, unit: u32) -> State {
  var value = State();
#if PROJECTS
#else
  value.x = states[h_index(row_before(t), row) + unit];
#endif
  if (STATES > 1u) {
    value.y = states[c_index(row_before(t), row) + unit];
  }
  return value;
}
