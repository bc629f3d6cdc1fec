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

fn tile_in_order(a: vec4f, b: vec4f, c: vec4f, d: vec4f, lane: u32) -> Tile {
  return Tile(in_order(a, lane), in_order(b, lane), in_order(c, lane), in_order(d, lane));
}

fn recurrent_gradients(step: u32, first_row: u32, units: vec4u, lane: u32) -> Sums {
  let t = time_of(step);
  let rows = min(first_row + lane % 4u + ROWS * vec4u(0u, 1u, 2u, 3u), vec4u(dims.batch - 1u));
  let own = dr_index(t, 0u, 0u) + rows * (dr_index(t, 1u, 0u) - dr_index(t, 0u, 0u));
  let base = part * dims.recurrent_part;
  var a0 = vec4f();
  var b0 = vec4f();
  var c0 = vec4f();
  var d0 = vec4f();
  var a1 = vec4f();
  var b1 = vec4f();
  var c1 = vec4f();
  var d1 = vec4f();
  var a2 = vec4f();
  var b2 = vec4f();
  var c2 = vec4f();
  var d2 = vec4f();
  var a3 = vec4f();
  var b3 = vec4f();
  var c3 = vec4f();
  var d3 = vec4f();
  for (var u = 0u; u < HIDDEN; u++) {
    let weights = base + u * OUT;
    let a = recurrent[weights + units.x];
    let b = recurrent[weights + units.y];
    let c = recurrent[weights + units.z];
    let d = recurrent[weights + units.w];
    let dr = dr_quad(own.x, u);
    a0 += contract(a, dr);
    b0 += contract(b, dr);
    c0 += contract(c, dr);
    d0 += contract(d, dr);
    if (ROW_QUADS > 1u) {
      let dr = dr_quad(own.y, u);
      a1 += contract(a, dr);
      b1 += contract(b, dr);
      c1 += contract(c, dr);
      d1 += contract(d, dr);
    }
    if (ROW_QUADS > 2u) {
      let dr = dr_quad(own.z, u);
      a2 += contract(a, dr);
      b2 += contract(b, dr);
      c2 += contract(c, dr);
      d2 += contract(d, dr);
    }
    if (ROW_QUADS > 3u) {
      let dr = dr_quad(own.w, u);
      a3 += contract(a, dr);
      b3 += contract(b, dr);
      c3 += contract(c, dr);
      d3 += contract(d, dr);
    }
  }
  return Sums(
    tile_in_order(a0, b0, c0, d0, lane),
    tile_in_order(a1, b1, c1, d1, lane),
    tile_in_order(a2, b2, c2, d2, lane),
    tile_in_order(a3, b3, c3, d3, lane),
  );
}
