// One step of the states of a unit once the products are known, the same for both machines.
#import cell
#import shared/cell
#import shared/unit_rows
#import shared/keep
#import shared/previous

// The new h of an element: into the states, as the operand of the next step, and after the last one into `state`.
// Returns the operand.
fn store_h(step: u32, row: u32, unit: u32, value: f32) -> f32 {
  states[h_index(row_after(time_of(step)), row) + unit] = value;
  if (step + 1u == dims.time) {
    state[carried_h(row) + unit] = value;
    return value;
  }
  return store_operand(step + 1u, row, unit, value);
}

// Where the operand of row 0 lies.
fn operand_base(t: u32) -> u32 {
#if DROPPED
  return operand_index(t, 0u);
#else
  return h_index(row_before(t), 0u);
#endif
}

fn load_operand(at: u32) -> f32 {
#if DROPPED
  return gates[at];
#else
  return states[at];
#endif
}

// ONE_ROW: there is but one row.
fn load_operand_quad(at: vec4u) -> vec4f {
#if ONE_ROW
  return vec4f(load_operand(at.x));
#else
  return vec4f(load_operand(at.x), load_operand(at.y), load_operand(at.z), load_operand(at.w));
#endif
}

fn store_operand(step: u32, row: u32, unit: u32, h: f32) -> f32 {
#if DROPPED
  let t = time_of(step);
  let operand = h * drop(t, row, unit);
  gates[operand_index(t, row) + unit] = operand;
  return operand;
#else
  return h;
#endif
}

fn store_c(step: u32, row: u32, unit: u32, value: f32) {
  states[c_index(row_after(time_of(step)), row) + unit] = value;
  if (step + 1u == dims.time) {
    state[carried_c(row) + unit] = value;
  }
}

// The first stage of an element: leaves in `gates` what the backward pass needs. Returns the operand of the next step,
// or for a cell of two stages that of the second product.
fn advance(step: u32, row: u32, unit: u32, r: Gates) -> f32 {
  let t = time_of(step);
  let at = gates_index(t, row, unit);
  let previous = load_previous(t, row, unit);
  let next = cell_forward(Step(load_gates(at), r, previous, peepholes_of(unit)));
  store_gates(at, next.saved);
#if STORES_R
  store_gates(r_index(t, row, unit), r);
#endif
  if (STATES > 1u) {
#if KEEPS
    let share = share_of_c(t, row, unit);
    store_c(step, row, unit, mix(previous.y, next.state.y, share));
#else
    store_c(step, row, unit, next.state.y);
#endif
  }
#if TWO_STAGES
#if RESETS
  let mid = next.mid;
#else
  let mid = next.state.x;
#endif
  gates[mid_index(t, row) + unit] = mid;
  return mid;
#else
#if KEEPS
  return store_h(step, row, unit, mix(previous.x, next.state.x, share_of_h(t, row, unit)));
#else
  return store_h(step, row, unit, next.state.x);
#endif
#endif
}

// For one unit of the quad; 0 in rows beyond the batch.
fn advance_quad(step: u32, first_row: u32, unit: u32, r: Quad) -> vec4f {
  var sums = r;
  var operand = vec4f();
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      operand[i] = advance(step, first_row + i, unit, sums[i]);
    }
  }
  return operand;
}

// The initial state of an element: into the states before the first step. Returns the operand of that step.
fn begin_element(row: u32, unit: u32) -> f32 {
  let t = time_of(0u);
  if (STATES > 1u && unit < HIDDEN) {
    states[c_index(row_before(t), row) + unit] = state[carried_c(row) + unit];
  }
  if (unit >= OUT) {
    return 0.0;
  }
  let h = state[carried_h(row) + unit];
  states[h_index(row_before(t), row) + unit] = h;
  return store_operand(0u, row, unit, h);
}

// For one unit of the quad; 0 in rows beyond the batch.
fn begin_quad(first_row: u32, unit: u32) -> vec4f {
  var operand = vec4f();
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      operand[i] = begin_element(first_row + i, unit);
    }
  }
  return operand;
}
