// Whether numbers are finite, by their bits: WGSL lets a compiler assume that no value is NaN or infinite.

const NOT_FINITE = 0x7f800000u; // the exponent of infinities and NaN, above that of any number
const QUIET_NAN = 0x7fc00000u; // set in the bits of a number they make it NaN

fn exponent(x: vec4f) -> vec4u {
  return bitcast<vec4u>(x) & vec4u(NOT_FINITE);
}

fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & NOT_FINITE) != NOT_FINITE;
}
