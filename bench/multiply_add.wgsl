// The multiply-add ceiling: chains x = x * factor + factor, four vectors of four side by side so that none waits for
// another. FMA: by the built-in function, else as a product and a sum.
// EIGHT, SIXTEEN: so many chains instead of four (SIXTEEN needs EIGHT).
//   out [groups * LANES]; multiply-adds: groups * LANES * rounds * chains * 4 links * 4

struct Dims {
  rounds: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read_write> out: array<f32>; // [groups * LANES]

const LANES = 64u;

fn link(x: vec4f, factor: vec4f) -> vec4f {
#if FMA
  return fma(x, factor, factor);
#else
  return x * factor + factor;
#endif
}

// Four links, so that the loop around them costs next to nothing.
fn advance(x: vec4f, factor: vec4f) -> vec4f {
  return link(link(link(link(x, factor), factor), factor), factor);
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4f(0.5, 0.25, 0.125, 0.0625) + f32(id.x) * 1e-9; // below 1: the chains converge
  var a = factor;
  var b = a + 1.0;
  var c = a + 2.0;
  var d = a + 3.0;
#if EIGHT
  var e = a + 4.0;
  var f = a + 5.0;
  var g = a + 6.0;
  var h = a + 7.0;
#endif
#if SIXTEEN
  var i = a + 8.0;
  var j = a + 9.0;
  var k = a + 10.0;
  var l = a + 11.0;
  var m = a + 12.0;
  var n = a + 13.0;
  var o = a + 14.0;
  var p = a + 15.0;
#endif
  for (var round = 0u; round < dims.rounds; round++) {
    a = advance(a, factor);
    b = advance(b, factor);
    c = advance(c, factor);
    d = advance(d, factor);
#if EIGHT
    e = advance(e, factor);
    f = advance(f, factor);
    g = advance(g, factor);
    h = advance(h, factor);
#endif
#if SIXTEEN
    i = advance(i, factor);
    j = advance(j, factor);
    k = advance(k, factor);
    l = advance(l, factor);
    m = advance(m, factor);
    n = advance(n, factor);
    o = advance(o, factor);
    p = advance(p, factor);
#endif
  }
  var sum = a + b + c + d;
#if EIGHT
  sum += e + f + g + h;
#endif
#if SIXTEEN
  sum += i + j + k + l + m + n + o + p;
#endif
  out[id.x] = sum.x + sum.y + sum.z + sum.w;
}
