// The first stage of a step on subgroups of four, where a load costs as much as many multiply-adds: a weight that is loaded
// serves ROW_QUADS quads of rows, and of a quad of rows, which all invocations share, each loads one and gets the others
// from its three neighbours. Four steps of k at once, for sums that a loop carries along cost as much again. Row i of an
// invocation is row i ^ its place among the four.

fn own_row(first_row: u32, lane: u32, i: u32) -> u32 {
  return first_row + (i ^ (lane % 4u));
}

// The invocation's own row first.
fn operand_quad(own: u32, k: u32) -> vec4f {
  let operand = load_operand(own + k);
  return vec4f(operand, quadSwapX(operand), quadSwapY(operand), quadSwapDiagonal(operand));
}

fn add_outer(sum: Quad, weight: Gates, operand: vec4f) -> Quad {
  return Quad(
    fma(weight, Gates(operand.x), sum[0]),
    fma(weight, Gates(operand.y), sum[1]),
    fma(weight, Gates(operand.z), sum[2]),
    fma(weight, Gates(operand.w), sum[3]),
  );
}

// The weights of a unit at four steps of k.
alias Weights = array<Gates, 4>;

fn load_weights(at: u32) -> Weights {
  return Weights(
    weight_at(at),
    weight_at(at + HIDDEN),
    weight_at(at + 2u * HIDDEN),
    weight_at(at + 3u * HIDDEN),
  );
}

fn add_steps(sum: Quad, weights: Weights, own: u32, k: u32) -> Quad {
  let two = add_outer(add_outer(sum, weights[0], operand_quad(own, k)), weights[1], operand_quad(own, k + 1u));
  return add_outer(add_outer(two, weights[2], operand_quad(own, k + 2u)), weights[3], operand_quad(own, k + 3u));
}

fn advance_unit(step: u32, first_row: u32, unit: u32, lane: u32) {
  let rows = min(vec4u(own_row(first_row, lane, 0u)) + ROWS * vec4u(0u, 1u, 2u, 3u), vec4u(dims.batch - 1u));
  let own = operand_base(time_of(step)) + rows * OUT;
  let read = min(unit, HIDDEN - 1u); // by all four invocations, whose loads the others need
  let base = part * dims.recurrent_part + read;
  var a = start_quad(read);
  var b = a;
  var c = a;
  var d = a;
  var k = 0u;
  for (; k + 3u < OUT; k += 4u) {
    let weights = load_weights(base + k * HIDDEN);
    a = add_steps(a, weights, own.x, k);
    if (ROW_QUADS > 1u) {
      b = add_steps(b, weights, own.y, k);
    }
    if (ROW_QUADS > 2u) {
      c = add_steps(c, weights, own.z, k);
    }
    if (ROW_QUADS > 3u) {
      d = add_steps(d, weights, own.w, k);
    }
  }
  for (; k < OUT; k++) {
    let weight = weight_at(base + k * HIDDEN);
    a = add_outer(a, weight, operand_quad(own.x, k));
    if (ROW_QUADS > 1u) {
      b = add_outer(b, weight, operand_quad(own.y, k));
    }
    if (ROW_QUADS > 2u) {
      c = add_outer(c, weight, operand_quad(own.z, k));
    }
    if (ROW_QUADS > 3u) {
      d = add_outer(d, weight, operand_quad(own.w, k));
    }
  }
  if (unit >= HIDDEN) {
    return;
  }
  var sums = array<Quad, 4>(a, b, c, d);
  for (var i = 0u; i < ROWS * ROW_QUADS; i++) {
    let row = own_row(first_row, lane, i);
    if (row < dims.batch) {
      advance(step, row, unit, sums[i / ROWS][i % ROWS]);
    }
  }
}
