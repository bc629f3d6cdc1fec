// Counter-based random bits: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011). The same key and counter give the same bits here and in src/random.ts.

fn threefry_round(x: vec2u, bits: u32) -> vec2u {
  let sum = x.x + x.y;
  return vec2u(sum, ((x.y << bits) | (x.y >> (32u - bits))) ^ sum);
}

fn threefry_rounds(x: vec2u, bits: vec4u) -> vec2u {
  return threefry_round(threefry_round(threefry_round(threefry_round(x, bits.x), bits.y), bits.z), bits.w);
}

// 64 random bits for the 64 bits of `counter`, a different stream for each `key`.
fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let parity = 0x1bd11bdau ^ key.x ^ key.y;
  let even = vec4u(13u, 15u, 26u, 6u);
  let odd = vec4u(17u, 29u, 16u, 24u);
  var x = threefry_rounds(counter + key, even) + vec2u(key.y, parity + 1u);
  x = threefry_rounds(x, odd) + vec2u(parity, key.x + 2u);
  x = threefry_rounds(x, even) + vec2u(key.x, key.y + 3u);
  x = threefry_rounds(x, odd) + vec2u(key.y, parity + 4u);
  return threefry_rounds(x, even) + vec2u(parity, key.x + 5u);
}

// Uniform in [0, 1) on multiples of 2^-24, so exact in float32.
fn uniform_from(bits: u32) -> f32 {
  return f32(bits >> 8u) * 0x1p-24;
}
