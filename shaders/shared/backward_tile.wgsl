// dh = Rᵀ·dgates for the tile of one invocation, one running sum over u whatever the tile.
//   recurrent [H, H] Gates: row u holds what the gate gradients of unit u add to the gradient of each h[k]
#import shared/tile
#import shared/gates

alias Tile = array<vec4f, 4>; // [UNITS] of ROWS

#if STAGED
var<workgroup> sh_dgates: array<Quad, HIDDEN>;
#endif

fn contract(weight: Gates, dgates: Quad) -> vec4f {
  return vec4f(dot(weight, dgates[0]), dot(weight, dgates[1]), dot(weight, dgates[2]), dot(weight, dgates[3]));
}

// From the gate gradients of step t.
fn recurrent_gradients(t: u32, rows: vec4u, units: vec4u) -> Tile {
  let at = gates_index(t, 0u, 0u) + rows * GATES * HIDDEN;
  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
  for (var u = 0u; u < HIDDEN; u++) {
#if STAGED
    let dgates = sh_dgates[u];
#else
    let dgates = Quad(load_gates(at.x + u), load_gates(at.y + u), load_gates(at.z + u), load_gates(at.w + u));
#endif
    let weights = u * HIDDEN;
    a += contract(recurrent[weights + units.x], dgates);
    if (UNITS > 1u) {
      b += contract(recurrent[weights + units.y], dgates);
    }
    if (UNITS > 2u) {
      c += contract(recurrent[weights + units.z], dgates);
      d += contract(recurrent[weights + units.w], dgates);
    }
  }
  return Tile(a, b, c, d);
}
