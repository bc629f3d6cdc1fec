// Part of sample, for V up to LIMIT.

const LIMIT = 256u;

var<workgroup> sh_key: array<u32, LIMIT>;
var<workgroup> sh_measure: array<f32, LIMIT>;
var<workgroup> sh_cut: vec2u;

// The place of the first token, best first, at which the running sum of measures reaches `goal`; the present cut if
// none does. Each token adds up those before it: V * V / LANES comparisons, two barriers.
fn cut_at(lane: u32, goal: f32, by_weight: bool) -> vec2u {
  for (var id = lane; id < dims.vocabulary; id += LANES) {
    sh_key[id] = place_of(id).x;
    sh_measure[id] = measure(id, by_weight, ANY_KEY);
  }
  if (lane == 0u) {
    sh_cut = cut;
  }
  workgroupBarrier();
  for (var id = lane; id < dims.vocabulary; id += LANES) {
    let own = vec2u(sh_key[id], id);
    // Says once more what the loop around says: else llvmpipe goes on here until it gives up, some 10 ms, with invocations
    // that have no token.
    let others = select(0u, dims.vocabulary, id < dims.vocabulary);
    var before = 0.0;
    var through = 0.0; // the same sum with the token itself, in the same order: exactly one token crosses the goal
    for (var other = 0u; other < others; other++) {
      let place = vec2u(sh_key[other], other);
      before += select(0.0, sh_measure[other], precedes(place, own));
      through += select(sh_measure[other], 0.0, precedes(own, place));
    }
    if (before < goal && through >= goal) {
      sh_cut = own;
    }
  }
  workgroupBarrier();
  return sh_cut;
}
