// What pack_recurrent writes of weights in float16.

// Rounded to the nearest, ties to even, which WGSL leaves open for conversions of its own; what lies beyond the largest
// float16, 65504, becomes the largest.
fn half_bits(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  let magnitude = min(bits & 0x7fffffffu, 0x477fe000u); // 65504
  var rounded = 0u;
  if (magnitude < 0x38800000u) { // 2^-14: below, multiples of 2^-24
    rounded = u32(round(bitcast<f32>(magnitude) * 16777216.0));
  } else { // an exponent less by 112, and a fraction of 10 bits for one of 23
    rounded = (magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13u) & 1u)) >> 13u;
  }
  return ((bits >> 16u) & 0x8000u) | rounded;
}

// 0 where there is no weight: a third gate leaves a hole, and the number of weights may be odd.
fn weight_bits(k: u32, unit: u32, gate: u32) -> u32 {
  if (k >= dims.operands || unit >= dims.units || gate >= GATES) {
    return 0u;
  }
  return half_bits(weight[source + dims.weight_offset + (gate * dims.units + unit) * dims.operands + k]);
}

fn forward_bits(at: u32) -> u32 {
  let i = at / PITCH;
  return weight_bits(i / dims.units, i % dims.units, at % PITCH);
}

fn backward_bits(at: u32) -> u32 {
  let i = at / PITCH;
  return weight_bits(i % dims.operands, i / dims.operands, at % PITCH);
}

fn store_weights(first: u32, stride: u32) {
  for (var i = first; i < words_of_weights(); i += stride) {
    forward[packed + i] = forward_bits(2u * i) | (forward_bits(2u * i + 1u) << 16u);
#if BACKWARD
    backward[packed + i] = backward_bits(2u * i) | (backward_bits(2u * i + 1u) << 16u);
#endif
  }
}
