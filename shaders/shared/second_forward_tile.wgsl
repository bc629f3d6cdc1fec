// The product of the second stage for the tile of one invocation: q = b + Q·mid. SECOND_NORM: b comes later.

fn start_second(unit: u32) -> vec4f {
#if SECOND_NORM
  return vec4f();
#else
  return vec4f(second_unit_row(SHIFT_ROW, unit));
#endif
}

fn second_sums(step: u32, rows: vec4u, units: vec4u) -> Tile {
  let at = mid_index(time_of(step), 0u) + rows * HIDDEN;
  let base = part * dims.second_part;
  var a = start_second(units.x);
  var b = start_second(units.y);
  var c = start_second(units.z);
  var d = start_second(units.w);
  for (var k = 0u; k < HIDDEN; k++) {
    let mid = vec4f(gates[at.x + k], gates[at.y + k], gates[at.z + k], gates[at.w + k]);
    let weights = base + k * OUT;
    a += second_weight_at(weights + units.x) * mid;
    if (UNITS > 1u) {
      b += second_weight_at(weights + units.y) * mid;
    }
    if (UNITS > 2u) {
      c += second_weight_at(weights + units.z) * mid;
      d += second_weight_at(weights + units.w) * mid;
    }
  }
  return Tile(a, b, c, d);
}
