// dh = Rᵀ·dr for the tile of one invocation, one running sum over u whatever the tile; dr are the gradients of
// r = R·h + b_hh.
//   recurrent [H, H] Gates: row u holds what dr of unit u adds to the gradient of each h[k]
#import shared/tile
#import shared/gates

alias Tile = array<vec4f, 4>; // [UNITS] of ROWS

#if STAGED
var<workgroup> sh_dr: array<Quad, HIDDEN>;
#endif

fn contract(weight: Gates, dr: Quad) -> vec4f {
  return vec4f(
    dot_gates(weight, dr[0]),
    dot_gates(weight, dr[1]),
    dot_gates(weight, dr[2]),
    dot_gates(weight, dr[3]),
  );
}

// From the gradients of step t.
fn recurrent_gradients(t: u32, rows: vec4u, units: vec4u) -> Tile {
  let at = dims.r_gates + gates_index(t, 0u, 0u) + rows * GATES * HIDDEN;
  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
  for (var u = 0u; u < HIDDEN; u++) {
#if STAGED
    let dr = sh_dr[u];
#else
    let dr = Quad(load_gates(at.x + u), load_gates(at.y + u), load_gates(at.z + u), load_gates(at.w + u));
#endif
    let weights = u * HIDDEN;
    a += contract(recurrent[weights + units.x], dr);
    if (UNITS > 1u) {
      b += contract(recurrent[weights + units.y], dr);
    }
    if (UNITS > 2u) {
      c += contract(recurrent[weights + units.z], dr);
      d += contract(recurrent[weights + units.w], dr);
    }
  }
  return Tile(a, b, c, d);
}
