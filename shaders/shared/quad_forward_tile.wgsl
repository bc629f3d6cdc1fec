// The same product for ROW_QUADS quads of rows on subgroups of four, where a load costs as much as many multiply-adds: a
// weight that is loaded serves all rows, and of a quad of rows, which all invocations share, each loads one and gets the
// others from its three neighbours. Two steps of k at once, so that sums are loaded and stored half as often.

alias Sums = array<GatesTile, 4>; // [ROW_QUADS]

// The invocation's own row first.
fn operand_quad(own: u32, k: u32) -> vec4f {
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

fn tile_in_order(a: Quad, b: Quad, c: Quad, d: Quad, lane: u32) -> GatesTile {
  return GatesTile(in_order(a, lane), in_order(b, lane), in_order(c, lane), in_order(d, lane));
}

fn add_outer(sum: Quad, weight: Gates, operand: vec4f) -> Quad {
  return Quad(
    fma(weight, Gates(operand.x), sum[0]),
    fma(weight, Gates(operand.y), sum[1]),
    fma(weight, Gates(operand.z), sum[2]),
    fma(weight, Gates(operand.w), sum[3]),
  );
}

// The weights of the units of an invocation that are read at one k.
struct Weights {
  a: Gates,
  b: Gates,
  c: Gates,
  d: Gates,
}

fn load_weights(at: u32, units: vec4u) -> Weights {
  return Weights(recurrent[at + units.x], recurrent[at + units.y], recurrent[at + units.z], recurrent[at + units.w]);
}

fn recurrent_sums(step: u32, first_row: u32, units: vec4u, lane: u32) -> Sums {
  let rows = min(first_row + lane % 4u + ROWS * vec4u(0u, 1u, 2u, 3u), vec4u(dims.batch - 1u));
  let own = operand_base(time_of(step)) + rows * OUT;
  let base = part * dims.recurrent_part;
  var a0 = start_quad(units.x);
  var b0 = start_quad(units.y);
  var c0 = start_quad(units.z);
  var d0 = start_quad(units.w);
  var a1 = a0;
  var b1 = b0;
  var c1 = c0;
  var d1 = d0;
  var a2 = a0;
  var b2 = b0;
  var c2 = c0;
  var d2 = d0;
  var a3 = a0;
  var b3 = b0;
  var c3 = c0;
  var d3 = d0;
  var k = 0u;
  for (; k + 1u < OUT; k += 2u) {
    let weights_0 = load_weights(base + k * HIDDEN, units);
    let weights_1 = load_weights(base + (k + 1u) * HIDDEN, units);
    let x_0 = operand_quad(own.x, k);
    let x_1 = operand_quad(own.x, k + 1u);
    a0 = add_outer(add_outer(a0, weights_0.a, x_0), weights_1.a, x_1);
    b0 = add_outer(add_outer(b0, weights_0.b, x_0), weights_1.b, x_1);
    c0 = add_outer(add_outer(c0, weights_0.c, x_0), weights_1.c, x_1);
    d0 = add_outer(add_outer(d0, weights_0.d, x_0), weights_1.d, x_1);
    if (ROW_QUADS > 1u) {
      let x_0 = operand_quad(own.y, k);
      let x_1 = operand_quad(own.y, k + 1u);
      a1 = add_outer(add_outer(a1, weights_0.a, x_0), weights_1.a, x_1);
      b1 = add_outer(add_outer(b1, weights_0.b, x_0), weights_1.b, x_1);
      c1 = add_outer(add_outer(c1, weights_0.c, x_0), weights_1.c, x_1);
      d1 = add_outer(add_outer(d1, weights_0.d, x_0), weights_1.d, x_1);
    }
    if (ROW_QUADS > 2u) {
      let x_0 = operand_quad(own.z, k);
      let x_1 = operand_quad(own.z, k + 1u);
      a2 = add_outer(add_outer(a2, weights_0.a, x_0), weights_1.a, x_1);
      b2 = add_outer(add_outer(b2, weights_0.b, x_0), weights_1.b, x_1);
      c2 = add_outer(add_outer(c2, weights_0.c, x_0), weights_1.c, x_1);
      d2 = add_outer(add_outer(d2, weights_0.d, x_0), weights_1.d, x_1);
    }
    if (ROW_QUADS > 3u) {
      let x_0 = operand_quad(own.w, k);
      let x_1 = operand_quad(own.w, k + 1u);
      a3 = add_outer(add_outer(a3, weights_0.a, x_0), weights_1.a, x_1);
      b3 = add_outer(add_outer(b3, weights_0.b, x_0), weights_1.b, x_1);
      c3 = add_outer(add_outer(c3, weights_0.c, x_0), weights_1.c, x_1);
      d3 = add_outer(add_outer(d3, weights_0.d, x_0), weights_1.d, x_1);
    }
  }
  for (; k < OUT; k++) {
    let weights_0 = load_weights(base + k * HIDDEN, units);
    let x_0 = operand_quad(own.x, k);
    a0 = add_outer(a0, weights_0.a, x_0);
    b0 = add_outer(b0, weights_0.b, x_0);
    c0 = add_outer(c0, weights_0.c, x_0);
    d0 = add_outer(d0, weights_0.d, x_0);
    if (ROW_QUADS > 1u) {
      let x_0 = operand_quad(own.y, k);
      a1 = add_outer(a1, weights_0.a, x_0);
      b1 = add_outer(b1, weights_0.b, x_0);
      c1 = add_outer(c1, weights_0.c, x_0);
      d1 = add_outer(d1, weights_0.d, x_0);
    }
    if (ROW_QUADS > 2u) {
      let x_0 = operand_quad(own.z, k);
      a2 = add_outer(a2, weights_0.a, x_0);
      b2 = add_outer(b2, weights_0.b, x_0);
      c2 = add_outer(c2, weights_0.c, x_0);
      d2 = add_outer(d2, weights_0.d, x_0);
    }
    if (ROW_QUADS > 3u) {
      let x_0 = operand_quad(own.w, k);
      a3 = add_outer(a3, weights_0.a, x_0);
      b3 = add_outer(b3, weights_0.b, x_0);
      c3 = add_outer(c3, weights_0.c, x_0);
      d3 = add_outer(d3, weights_0.d, x_0);
    }
  }
  return Sums(
    tile_in_order(a0, b0, c0, d0, lane),
    tile_in_order(a1, b1, c1, d1, lane),
    tile_in_order(a2, b2, c2, d2, lane),
    tile_in_order(a3, b3, c3, d3, lane),
  );
}
