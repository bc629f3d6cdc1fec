// The copy ceiling: out = a, vectors of four, neighbours by neighbours.
//   a [length] -> out [length], a multiple of 4

struct Dims {
  length: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [length]
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>; // [length]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.length / 4u; i += groups.x * LANES) {
    out[i] = a[i];
  }
}
