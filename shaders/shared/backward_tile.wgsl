// Rᵀ·dr for the tile of one invocation, one running sum over u whatever the tile; dr are the gradients of R·operand.
// ONE_ROW: there is but one row; the other three of the quad, which are dropped, are not computed.
// QUADS: see shared/quad_backward_tile.
#import shared/contract

#if STAGED
var<workgroup> sh_dr: array<Quad, HIDDEN>;
#endif

#if QUADS
#import shared/quad_backward_tile
#else
fn dr_quad(at: vec4u, u: u32) -> Quad {
#if STAGED
  return sh_dr[u];
#else
  return load_dr_quad(at + u);
#endif
}

fn recurrent_gradients(step: u32, rows: vec4u, units: vec4u) -> Tile {
  let t = time_of(step);
  let first = dr_index(t, 0u, 0u);
  return contracted(part, first + rows * (dr_index(t, 1u, 0u) - first), units);
}

// packed: which part of the packed weights
fn contracted(packed: u32, at: vec4u, units: vec4u) -> Tile {
  let base = packed * dims.recurrent_part;
  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
#if DIAGONAL
  a = contract(weight_at(base + units.x), dr_quad(at, units.x));
  if (UNITS > 1u) {
    b = contract(weight_at(base + units.y), dr_quad(at, units.y));
  }
  if (UNITS > 2u) {
    c = contract(weight_at(base + units.z), dr_quad(at, units.z));
    d = contract(weight_at(base + units.w), dr_quad(at, units.w));
  }
#else
  for (var u = 0u; u < HIDDEN; u++) {
    let dr = dr_quad(at, u);
    let weights = base + u * OUT;
    a += contract(weight_at(weights + units.x), dr);
    if (UNITS > 1u) {
      b += contract(weight_at(weights + units.y), dr);
    }
    if (UNITS > 2u) {
      c += contract(weight_at(weights + units.z), dr);
      d += contract(weight_at(weights + units.w), dr);
    }
  }
#endif
  return Tile(a, b, c, d);
}
#endif
