// One step back of the states of a unit, the same for both machines. dstate holds the gradients of the states on their
// way from the last step to the first; what passes through a product is added by the machine.
#import cell
#import shared/cell
#import shared/unit_rows
#import shared/keep
#import shared/previous
#import shared/tail

// The gradient of h after a step: what came back to it, and the cotangent of the output.
fn total_dh(t: u32, row: u32, unit: u32) -> f32 {
  let at = part * dims.dh_part + (t * dims.batch + row) * OUT + unit;
#if WAVEFRONT
  var total = dstate[carried_h(row) + unit];
  if (part + 1u == dims.layers) { // what lies below the top has no output but to the layer above
    total += dh[at];
  }
#else
  let total = dstate[carried_h(row) + unit] + dh[at];
#endif
#if FLOW
  dh[at] = total;
#endif
  return total;
}

#if SPLIT
// b_hh + R·operand, after the norm if there is one.
fn load_r(t: u32, row: u32, unit: u32) -> Gates {
  let r = load_gates(r_index(t, row, unit));
#if LAYER_NORM
  return r * unit_row(GAIN_ROW, unit) + unit_row(SHIFT_ROW, unit);
#else
  return r;
#endif
}
#endif

// Takes what a step saved to the gradients of its pre-activations, and the gradient of the states to the step before.
// Returns the gradient of r.
// dmid: what came through the second product, for a cell of two stages
fn retreat(step: u32, row: u32, unit: u32, dmid: f32) -> Gates {
  let t = time_of(step);
  let at = gates_index(t, row, unit);
  var after = State();
  var kept = State();
#if TWO_STAGES
#if RESETS
  after.x = dstate[tail_index(dims.carry, row, HIDDEN, unit)];
#else
  after.x = dmid;
#endif
#else
  after.x = total_dh(t, row, unit);
#endif
  if (STATES > 1u) {
    after.y = dstate[carried_c(row) + unit];
  }
#if KEEPS
#if TWO_STAGES
  var share = State(1.0, 1.0);
#else
  var share = State(share_of_h(t, row, unit), 1.0);
#endif
  if (STATES > 1u) {
    share.y = share_of_c(t, row, unit);
  }
  kept = after * (1.0 - share);
  after *= share;
#endif
  var back_in = Back(load_gates(at), Gates(), load_previous(t, row, unit), after, 0.0, peepholes_of(unit));
#if RESETS
  back_in.dmid = dmid;
#endif
#if SPLIT
  back_in.r = load_r(t, row, unit);
#endif
  let back = cell_backward(back_in);
  store_gates(at, back.dgates);
#if PEEPHOLES
  add_peepholes_to_tail(row, unit, back.dpeepholes);
#endif
#if TWO_STAGES
#if RESETS
  dstate[carried_h(row) + unit] += back.dprevious.x;
#endif
#else
  dstate[carried_h(row) + unit] = kept.x + back.dprevious.x;
#endif
  if (STATES > 1u) {
    dstate[carried_c(row) + unit] = kept.y + back.dprevious.y;
  }
#if SPLIT
#if STORES_R
  store_gates(r_index(t, row, unit), back.dr);
#endif
  return back.dr;
#else
  return back.dgates;
#endif
}

// For one unit of the quad; 0 in rows beyond the batch.
fn retreat_quad(step: u32, first_row: u32, unit: u32, dmid: vec4f) -> Quad {
  var dr = Quad();
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      dr[i] = retreat(step, first_row + i, unit, dmid[i]);
    }
  }
  return dr;
}

// Adds what came through R to the gradient of h before a step.
fn add_dh(step: u32, row: u32, unit: u32, sum: f32) {
#if DROPPED
  dstate[carried_h(row) + unit] += sum * drop(time_of(step), row, unit);
#else
  dstate[carried_h(row) + unit] += sum;
#endif
}

// For one unit of the quad.
fn add_dh_quad(step: u32, first_row: u32, unit: u32, sum: vec4f) {
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      add_dh(step, first_row + i, unit, sum[i]);
    }
  }
}
