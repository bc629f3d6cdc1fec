// r = b_hh + R·operand for the tile of one invocation, one running sum over k whatever the tile. The operand is h, or if
// DROPPED what recurrent dropout has left of it. LAYER_NORM: b_hh comes later. DIAGONAL: R is a diagonal. ONE_ROW: there is
// but one row; the other three of the quad, which are dropped, are not computed. QUADS: of the rows, which all invocations
// share, each loads one and gets the others from its three neighbours.

#if STAGED
var<workgroup> sh_operand: array<vec4f, 2u * OUT>; // [2, OUT] of a quad of rows; that of a step lies in half step % 2
#endif

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

#if QUADS
// The invocation's own row first.
fn operand_quad(own: u32, step: u32, k: u32) -> vec4f {
  let operand = load_operand(own + k);
  return vec4f(operand, quadSwapX(operand), quadSwapY(operand), quadSwapDiagonal(operand));
}

// What belongs to the rows of operand_quad, in the order of the rows.
fn in_order(sums: Quad, lane: u32) -> Quad {
  let odd = (lane & 1u) > 0u;
  let upper = (lane & 2u) > 0u;
  let a = select(sums[0], sums[1], odd);
  let b = select(sums[1], sums[0], odd);
  let c = select(sums[2], sums[3], odd);
  let d = select(sums[3], sums[2], odd);
  return Quad(select(a, c, upper), select(b, d, upper), select(c, a, upper), select(d, b, upper));
}
#else
fn operand_quad(at: vec4u, step: u32, k: u32) -> vec4f {
#if STAGED
  return sh_operand[(step % 2u) * OUT + k];
#else
#if ONE_ROW
  return vec4f(load_operand(at.x + k));
#else
  return vec4f(load_operand(at.x + k), load_operand(at.y + k), load_operand(at.z + k), load_operand(at.w + k));
#endif
#endif
}
#endif

fn start_quad(unit: u32) -> Quad {
#if LAYER_NORM
  return Quad();
#else
  let shift = unit_row(SHIFT_ROW, unit);
  return Quad(shift, shift, shift, shift);
#endif
}

fn add_outer(sum: Quad, weight: Gates, operand: vec4f) -> Quad {
#if ONE_ROW
  return Quad(sum[0] + weight * operand.x, sum[1], sum[2], sum[3]);
#else
  return Quad(
    sum[0] + weight * operand.x,
    sum[1] + weight * operand.y,
    sum[2] + weight * operand.z,
    sum[3] + weight * operand.w,
  );
#endif
}

#if QUADS
// Two steps of k, so that the sums are loaded and stored half as often.
fn add_two(sum: Quad, first: Gates, first_operand: vec4f, second: Gates, second_operand: vec4f) -> Quad {
  return Quad(
    fma(second, Gates(second_operand.x), fma(first, Gates(first_operand.x), sum[0])),
    fma(second, Gates(second_operand.y), fma(first, Gates(first_operand.y), sum[1])),
    fma(second, Gates(second_operand.z), fma(first, Gates(first_operand.z), sum[2])),
    fma(second, Gates(second_operand.w), fma(first, Gates(first_operand.w), sum[3])),
  );
}
#endif

fn recurrent_sums(step: u32, rows: vec4u, units: vec4u, lane: u32) -> GatesTile {
  let at_rows = operand_base(time_of(step)) + rows * OUT;
#if QUADS
  let at = at_rows[lane % 4u];
#else
  let at = at_rows;
#endif
  let base = part * dims.recurrent_part;
  var a = start_quad(units.x);
  var b = start_quad(units.y);
  var c = start_quad(units.z);
  var d = start_quad(units.w);
#if DIAGONAL
  a = add_outer(a, recurrent[base + units.x], operand_quad(at, step, units.x));
  if (UNITS > 1u) {
    b = add_outer(b, recurrent[base + units.y], operand_quad(at, step, units.y));
  }
  if (UNITS > 2u) {
    c = add_outer(c, recurrent[base + units.z], operand_quad(at, step, units.z));
    d = add_outer(d, recurrent[base + units.w], operand_quad(at, step, units.w));
  }
#else
  var k = 0u;
#if QUADS
  for (; k + 1u < OUT; k += 2u) {
    let x = operand_quad(at, step, k);
    let y = operand_quad(at, step, k + 1u);
    let w = base + k * HIDDEN;
    a = add_two(a, recurrent[w + units.x], x, recurrent[w + HIDDEN + units.x], y);
    b = add_two(b, recurrent[w + units.y], x, recurrent[w + HIDDEN + units.y], y);
    c = add_two(c, recurrent[w + units.z], x, recurrent[w + HIDDEN + units.z], y);
    d = add_two(d, recurrent[w + units.w], x, recurrent[w + HIDDEN + units.w], y);
  }
#endif
  for (; k < OUT; k++) {
    let operand = operand_quad(at, step, k);
    let weights = base + k * HIDDEN;
    a = add_outer(a, recurrent[weights + units.x], operand);
    if (UNITS > 1u) {
      b = add_outer(b, recurrent[weights + units.y], operand);
    }
    if (UNITS > 2u) {
      c = add_outer(c, recurrent[weights + units.z], operand);
      d = add_outer(d, recurrent[weights + units.w], operand);
    }
  }
#endif
#if QUADS
  return GatesTile(in_order(a, lane), in_order(b, lane), in_order(c, lane), in_order(d, lane));
#else
  return GatesTile(a, b, c, d);
#endif
}
