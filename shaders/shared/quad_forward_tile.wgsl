// The first stage of a step on subgroups of four, where a load costs as much as many multiply-adds: a weight that is loaded
// serves ROW_QUADS quads of rows, and an operand two units, LANES apart. Of a quad of rows, which all invocations share,
// each loads one and gets the others from its three neighbours. Two steps of k at once, for sums that a loop carries along
// cost as much as two multiply-adds; with more, or with more units, the loop outgrows what a core keeps of its code.
// Row i of an invocation is row i ^ its place among the four.

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

// The sums of two units for a quad of rows.
struct Units {
  near: Quad,
  far: Quad,
}

// The weights of two units at two steps of k.
struct Weights {
  near: array<Gates, 2>,
  far: array<Gates, 2>,
}

fn load_weights(near: u32, far: u32) -> Weights {
  return Weights(
    array<Gates, 2>(weight_at(near), weight_at(near + HIDDEN)),
    array<Gates, 2>(weight_at(far), weight_at(far + HIDDEN)),
  );
}

fn add_steps(sum: ptr<function, Units>, weights: Weights, own: u32, k: u32) {
  let first = operand_quad(own, k);
  let second = operand_quad(own, k + 1u);
  (*sum).near = add_outer(add_outer((*sum).near, weights.near[0], first), weights.near[1], second);
  (*sum).far = add_outer(add_outer((*sum).far, weights.far[0], first), weights.far[1], second);
}

fn add_step(sum: ptr<function, Units>, near: Gates, far: Gates, own: u32, k: u32) {
  let operand = operand_quad(own, k);
  (*sum).near = add_outer((*sum).near, near, operand);
  (*sum).far = add_outer((*sum).far, far, operand);
}

// Advances `unit` and `unit + LANES`.
fn advance_units(step: u32, first_row: u32, unit: u32, lane: u32) {
  let rows = min(vec4u(own_row(first_row, lane, 0u)) + ROWS * vec4u(0u, 1u, 2u, 3u), vec4u(dims.batch - 1u));
  let own = operand_base(time_of(step)) + rows * OUT;
  // Units beyond the last are read as the last by all four invocations, whose loads the others need.
  let near_unit = min(unit, HIDDEN - 1u);
  let far_unit = min(unit + LANES, HIDDEN - 1u);
  let near = part * dims.recurrent_part + near_unit;
  let far = part * dims.recurrent_part + far_unit;
  var a = Units(start_quad(part, near_unit), start_quad(part, far_unit));
  var b = a;
  var c = a;
  var d = a;
  for (var k = 0u; k + 1u < OUT; k += 2u) {
    let weights = load_weights(near + k * HIDDEN, far + k * HIDDEN);
    add_steps(&a, weights, own.x, k);
    if (ROW_QUADS > 1u) {
      add_steps(&b, weights, own.y, k);
    }
    if (ROW_QUADS > 2u) {
      add_steps(&c, weights, own.z, k);
    }
    if (ROW_QUADS > 3u) {
      add_steps(&d, weights, own.w, k);
    }
  }
  if (OUT % 2u > 0u) {
    let near_weight = weight_at(near + (OUT - 1u) * HIDDEN);
    let far_weight = weight_at(far + (OUT - 1u) * HIDDEN);
    add_step(&a, near_weight, far_weight, own.x, OUT - 1u);
    if (ROW_QUADS > 1u) {
      add_step(&b, near_weight, far_weight, own.y, OUT - 1u);
    }
    if (ROW_QUADS > 2u) {
      add_step(&c, near_weight, far_weight, own.z, OUT - 1u);
    }
    if (ROW_QUADS > 3u) {
      add_step(&d, near_weight, far_weight, own.w, OUT - 1u);
    }
  }
  var sums = array<Quad, 8>(a.near, b.near, c.near, d.near, a.far, b.far, c.far, d.far);
  let rows_of_unit = ROWS * ROW_QUADS;
  for (var i = 0u; i < 2u * rows_of_unit; i++) {
    let other = i / rows_of_unit;
    let place = i % rows_of_unit;
    let row = own_row(first_row, lane, place);
    let of_unit = unit + other * LANES;
    if (row < dims.batch && of_unit < HIDDEN) {
      advance(step, row, of_unit, sums[4u * other + place / ROWS][i % ROWS]);
    }
  }
}
