// dmid = Qᵀ·dq for the tile of one invocation; dq are the gradients of the second product.

fn second_gradients(step: u32, rows: vec4u, units: vec4u) -> Tile {
  let at = second_index(time_of(step), 0u) + rows * OUT;
  let base = part * dims.second_part;
  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
  for (var u = 0u; u < OUT; u++) {
    let dq = vec4f(gates[at.x + u], gates[at.y + u], gates[at.z + u], gates[at.w + u]);
    let weights = base + u * HIDDEN;
    a += second_weight_at(weights + units.x) * dq;
    if (UNITS > 1u) {
      b += second_weight_at(weights + units.y) * dq;
    }
    if (UNITS > 2u) {
      c += second_weight_at(weights + units.z) * dq;
      d += second_weight_at(weights + units.w) * dq;
    }
  }
  return Tile(a, b, c, d);
}
