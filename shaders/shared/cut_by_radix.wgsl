// Part of sample, for any V.

const DIGITS = 16u;

var<workgroup> sh_histogram: array<f32, DIGITS * LANES>; // [DIGITS, LANES], each column owned by its invocation
var<workgroup> sh_digit: array<f32, DIGITS>;

// The place of the first token, best first, at which the running sum of measures reaches `goal`. Radix selection: eight
// passes over the row fix the four bits of the key each, from the top; among equal keys the lowest ids come first.
fn cut_at(lane: u32, goal: f32, by_weight: bool) -> vec2u {
  var key = 0u;
  var rest = goal;
  for (var i = 0u; i < 8u; i++) {
    let shift = 28u - 4u * i;
    let keys = vec2u(key, key | (0xffffffffu >> (4u * i)));
    for (var digit = 0u; digit < DIGITS; digit++) {
      sh_histogram[digit * LANES + lane] = 0.0;
    }
    for (var id = lane; id < dims.vocabulary; id += LANES) {
      let size = measure(id, by_weight, keys);
      if (size > 0.0) {
        sh_histogram[((place_of(id).x >> shift) % DIGITS) * LANES + lane] += size;
      }
    }
    workgroupBarrier();
    if (lane < DIGITS) {
      var sum = 0.0;
      for (var owner = 0u; owner < LANES; owner++) {
        sum += sh_histogram[lane * LANES + owner];
      }
      sh_digit[lane] = sum;
    }
    workgroupBarrier();
    var chosen = 0u;
    var running = 0.0;
    var before = 0.0;
    for (var digit = DIGITS; digit > 0u;) {
      digit--;
      if (sh_digit[digit] > 0.0 && running < rest) {
        chosen = digit;
        before = running;
      }
      running += sh_digit[digit];
    }
    key |= chosen << shift;
    rest -= before;
  }
  return vec2u(key, locate(lane, rest, by_weight, vec2u(key, key)));
}
