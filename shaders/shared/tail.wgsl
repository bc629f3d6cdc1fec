// What the backward pass keeps for each batch row behind the gradients of the states: sums over time of the gradients of
// per-unit parameters, and what one stage leaves to the other.

fn tail_index(first: u32, row: u32, width: u32, unit: u32) -> u32 {
  return dims.tail + part * dims.tail_part + first + row * width + unit;
}

fn add_to_tail(first: u32, row: u32, all_gates: u32, unit: u32, value: Gates) {
  let at = tail_index(first, row, all_gates * HIDDEN, unit);
  for (var gate = 0u; gate < GATES; gate++) {
    dstate[at + gate * HIDDEN] += gate_of(value, gate);
  }
}

#if PEEPHOLES
const PEEPHOLES = 3u; // of i, f and o; 2 if f is coupled to i

fn add_peepholes_to_tail(row: u32, unit: u32, value: vec3f) {
  let at = tail_index(dims.dpeepholes, row, PEEPHOLES * HIDDEN, unit);
  dstate[at] += value.x;
  if (PEEPHOLES == 3u) {
    dstate[at + HIDDEN] += value.y;
  }
  dstate[at + (PEEPHOLES - 1u) * HIDDEN] += value.z;
}
#endif

#if DIAGONAL
// The gradient of a diagonal R, for one unit of the quad.
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
#endif
