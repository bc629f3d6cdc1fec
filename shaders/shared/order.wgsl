// How tokens rank: by logit, equal logits by lowest id.

// A logit as a number that orders like it: 0 for NaN, the same for both zeros.
fn order_key(logit: f32) -> u32 {
  let bits = bitcast<u32>(logit);
  if ((bits & 0x7fffffffu) > 0x7f800000u) {
    return 0u;
  }
  return select(bits | 0x80000000u, ~bits, bits > 0x80000000u);
}

// Whether one place, (key, id), comes before another.
fn precedes(a: vec2u, b: vec2u) -> bool {
  return a.x > b.x || (a.x == b.x && a.y < b.y);
}
