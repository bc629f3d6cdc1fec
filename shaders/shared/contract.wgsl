// What a unit's gradient of r adds to the sums of a quad of rows. ONE_ROW: there is but one; the others, which are dropped,
// get nothing.

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
