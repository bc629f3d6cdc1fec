// r = b_hh + R·h for the tile of one invocation, one running sum over k whatever the tile.
//   recurrent [H+1, H] Gates: row k holds what h[k] adds to each unit, row H the bias b_hh
#import shared/tile
#import shared/states

alias Tile = array<Quad, 4>; // [UNITS, ROWS]

#if STAGED
var<workgroup> sh_h: array<vec4f, 2u * HIDDEN>; // [2, H] of a quad of rows; row t of the states lies in half t % 2
#endif

fn bias_quad(unit: u32) -> Quad {
  let bias = recurrent[HIDDEN * HIDDEN + unit];
  return Quad(bias, bias, bias, bias);
}

fn add_outer(sum: Quad, weight: Gates, h: vec4f) -> Quad {
  return Quad(sum[0] + weight * h.x, sum[1] + weight * h.y, sum[2] + weight * h.z, sum[3] + weight * h.w);
}

// From row t of the states.
fn recurrent_sums(t: u32, rows: vec4u, units: vec4u) -> Tile {
  let at = state_index(t, 0u) + rows * HIDDEN;
  var a = bias_quad(units.x);
  var b = bias_quad(units.y);
  var c = bias_quad(units.z);
  var d = bias_quad(units.w);
  for (var k = 0u; k < HIDDEN; k++) {
#if STAGED
    let h = sh_h[(t % 2u) * HIDDEN + k];
#else
    let h = vec4f(states[at.x + k], states[at.y + k], states[at.z + k], states[at.w + k]);
#endif
    let weights = k * HIDDEN;
    a = add_outer(a, recurrent[weights + units.x], h);
    if (UNITS > 1u) {
      b = add_outer(b, recurrent[weights + units.y], h);
    }
    if (UNITS > 2u) {
      c = add_outer(c, recurrent[weights + units.z], h);
      d = add_outer(d, recurrent[weights + units.w], h);
    }
  }
  return Tile(a, b, c, d);
}
