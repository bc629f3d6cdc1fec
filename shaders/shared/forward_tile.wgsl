// r = b_hh + R·operand for the tile of one invocation, one running sum over k whatever the tile. The operand is h, or if
// DROPPED what recurrent dropout has left of it. LAYER_NORM: b_hh comes later. DIAGONAL: R is a diagonal. ONE_ROW: there is
// but one row; the other three of the quad, which are dropped, are not computed. QUADS: see shared/quad_forward_tile.

#if STAGED
var<workgroup> sh_operand: array<vec4f, 2u * OUT>; // [2, OUT] of a quad of rows; that of a step lies in half step % 2
#endif

// packed: which part of the packed weights
fn start_quad(packed: u32, unit: u32) -> Quad {
#if LAYER_NORM
  return Quad();
#else
  let shift = unit_row_of(packed, SHIFT_ROW, unit);
  return Quad(shift, shift, shift, shift);
#endif
}

#if QUADS
#import shared/quad_forward_tile
#else
#import shared/add_outer

fn operand_quad(at: vec4u, step: u32, k: u32) -> vec4f {
#if STAGED
  return sh_operand[(step % 2u) * OUT + k];
#else
  return load_operand_quad(at + k);
#endif
}

fn recurrent_sums(step: u32, rows: vec4u, units: vec4u) -> GatesTile {
  return weighted_sums(part, operand_base(time_of(step)) + rows * OUT, step, units);
}

// packed: which part of the packed weights
fn weighted_sums(packed: u32, at: vec4u, step: u32, units: vec4u) -> GatesTile {
  let base = packed * dims.recurrent_part;
  var a = start_quad(packed, units.x);
  var b = start_quad(packed, units.y);
  var c = start_quad(packed, units.z);
  var d = start_quad(packed, units.w);
#if DIAGONAL
  a = add_outer(a, weight_at(base + units.x), operand_quad(at, step, units.x));
  if (UNITS > 1u) {
    b = add_outer(b, weight_at(base + units.y), operand_quad(at, step, units.y));
  }
  if (UNITS > 2u) {
    c = add_outer(c, weight_at(base + units.z), operand_quad(at, step, units.z));
    d = add_outer(d, weight_at(base + units.w), operand_quad(at, step, units.w));
  }
#else
  for (var k = 0u; k < OUT; k++) {
    let operand = operand_quad(at, step, k);
    let weights = base + k * HIDDEN;
    a = add_outer(a, weight_at(weights + units.x), operand);
    if (UNITS > 1u) {
      b = add_outer(b, weight_at(weights + units.y), operand);
    }
    if (UNITS > 2u) {
      c = add_outer(c, weight_at(weights + units.z), operand);
      d = add_outer(d, weight_at(weights + units.w), operand);
    }
  }
#endif
  return GatesTile(a, b, c, d);
}
#endif
