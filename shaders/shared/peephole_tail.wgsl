// The gradients of peepholes, summed over time; see shared/tail.

const PEEPHOLES = 3u; // of i, f and o; 2 if f is coupled to i

fn add_peepholes_to_tail(row: u32, unit: u32, value: vec3f) {
  let at = tail_index(dims.dpeepholes, row, PEEPHOLES * HIDDEN, unit);
  dstate[at] += value.x;
  if (PEEPHOLES == 3u) {
    dstate[at + HIDDEN] += value.y;
  }
  dstate[at + (PEEPHOLES - 1u) * HIDDEN] += value.z;
}
