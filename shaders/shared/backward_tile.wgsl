// Rᵀ·dr for the tile of one invocation, one running sum over u whatever the tile; dr are the gradients of R·operand.
// ONE_ROW: there is but one row; the other three of the quad, which are dropped, are not computed.
// QUADS: of the rows, which all invocations share, each loads one and gets the others from its three neighbours.

#if STAGED
var<workgroup> sh_dr: array<Quad, HIDDEN>;
#endif

// Where dr of one row begins: with the gradients for x unless r has gradients of its own.
fn dr_index(t: u32, row: u32, unit: u32) -> u32 {
#if KEEPS_R
  return r_index(t, row, unit);
#else
  return gates_index(t, row, unit);
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

#if QUADS
// The invocation's own row first.
fn dr_quad(own: u32, u: u32) -> Quad {
  let dr = load_gates(own + u);
  return Quad(dr, quadSwapX(dr), quadSwapY(dr), quadSwapDiagonal(dr));
}

// What belongs to the rows of dr_quad, in the order of the rows.
fn in_order(sums: vec4f, lane: u32) -> vec4f {
  let pairs = select(sums, sums.yxwz, (lane & 1u) > 0u);
  return select(pairs, pairs.zwxy, (lane & 2u) > 0u);
}
#else
fn dr_quad(at: vec4u, u: u32) -> Quad {
#if STAGED
  return sh_dr[u];
#else
#if ONE_ROW
  return Quad(load_gates(at.x + u), Gates(), Gates(), Gates());
#else
  return Quad(load_gates(at.x + u), load_gates(at.y + u), load_gates(at.z + u), load_gates(at.w + u));
#endif
#endif
}
#endif

fn recurrent_gradients(step: u32, rows: vec4u, units: vec4u, lane: u32) -> Tile {
  let t = time_of(step);
  let at_rows = dr_index(t, 0u, 0u) + rows * (dr_index(t, 1u, 0u) - dr_index(t, 0u, 0u));
#if QUADS
  let at = at_rows[lane % 4u];
#else
  let at = at_rows;
#endif
  let base = part * dims.recurrent_part;
  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
#if DIAGONAL
  a = contract(recurrent[base + units.x], dr_quad(at, units.x));
  if (UNITS > 1u) {
    b = contract(recurrent[base + units.y], dr_quad(at, units.y));
  }
  if (UNITS > 2u) {
    c = contract(recurrent[base + units.z], dr_quad(at, units.z));
    d = contract(recurrent[base + units.w], dr_quad(at, units.w));
  }
#else
  for (var u = 0u; u < HIDDEN; u++) {
    let dr = dr_quad(at, u);
    let weights = base + u * OUT;
    a += contract(recurrent[weights + units.x], dr);
    if (UNITS > 1u) {
      b += contract(recurrent[weights + units.y], dr);
    }
    if (UNITS > 2u) {
      c += contract(recurrent[weights + units.z], dr);
      d += contract(recurrent[weights + units.w], dr);
    }
  }
#endif
#if QUADS
  return Tile(in_order(a, lane), in_order(b, lane), in_order(c, lane), in_order(d, lane));
#else
  return Tile(a, b, c, d);
#endif
}
