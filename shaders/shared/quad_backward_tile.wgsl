// The same product for ROW_QUADS quads of rows on subgroups of four, as in shared/quad_forward_tile.

alias Sums = array<Tile, 4>; // [ROW_QUADS]

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

fn tile_in_order(sums: Tile, lane: u32) -> Tile {
  return Tile(in_order(sums[0], lane), in_order(sums[1], lane), in_order(sums[2], lane), in_order(sums[3], lane));
}

// The weights of the units of an invocation.
alias Weights = array<Gates, 4>;

fn load_weights(at: u32, units: vec4u) -> Weights {
  return Weights(weight_at(at + units.x), weight_at(at + units.y), weight_at(at + units.z), weight_at(at + units.w));
}

fn add_units(sums: Tile, weights: Weights, dr: Quad) -> Tile {
  return Tile(
    sums[0] + contract(weights[0], dr),
    sums[1] + contract(weights[1], dr),
    sums[2] + contract(weights[2], dr),
    sums[3] + contract(weights[3], dr),
  );
}

fn recurrent_gradients(step: u32, first_row: u32, units: vec4u, lane: u32) -> Sums {
  let t = time_of(step);
  let rows = min(first_row + lane % 4u + ROWS * vec4u(0u, 1u, 2u, 3u), vec4u(dims.batch - 1u));
  let own = dr_index(t, 0u, 0u) + rows * (dr_index(t, 1u, 0u) - dr_index(t, 0u, 0u));
  let base = part * dims.recurrent_part;
  var a = Tile();
  var b = Tile();
  var c = Tile();
  var d = Tile();
  // One step of u at a time: with two the loop outgrows what a core keeps of its code, and is no faster.
  for (var u = 0u; u < HIDDEN; u++) {
    let weights = load_weights(base + u * OUT, units);
    a = add_units(a, weights, dr_quad(own.x, u));
    if (ROW_QUADS > 1u) {
      b = add_units(b, weights, dr_quad(own.y, u));
    }
    if (ROW_QUADS > 2u) {
      c = add_units(c, weights, dr_quad(own.z, u));
    }
    if (ROW_QUADS > 3u) {
      d = add_units(d, weights, dr_quad(own.w, u));
    }
  }
  return Sums(tile_in_order(a, lane), tile_in_order(b, lane), tile_in_order(c, lane), tile_in_order(d, lane));
}
