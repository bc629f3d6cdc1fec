// The gradients of r, and what they add to the sums of a quad of rows. ONE_ROW: there is but one; the others, which are
// dropped, are nothing.

// Where dr of one row begins: with the gradients for x unless r has gradients of its own.
fn dr_index(t: u32, row: u32, unit: u32) -> u32 {
#if KEEPS_R
  return r_index(t, row, unit);
#else
  return gates_index(t, row, unit);
#endif
}

fn load_dr_quad(at: vec4u) -> Quad {
#if ONE_ROW
  return Quad(load_gates(at.x), Gates(), Gates(), Gates());
#else
  return Quad(load_gates(at.x), load_gates(at.y), load_gates(at.z), load_gates(at.w));
#endif
}

fn contract(weight: Gates, dr: Quad) -> vec4f {
#if ONE_ROW
  return vec4f(dot_gates(weight, dr[0]), 0.0, 0.0, 0.0);
#else
  return vec4f(
    dot_gates(weight, dr[0]),
    dot_gates(weight, dr[1]),
    dot_gates(weight, dr[2]),
    dot_gates(weight, dr[3]),
  );
#endif
}
