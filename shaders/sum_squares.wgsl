// partials[g] = the share of workgroup g in the sum of x[i]^2: of ordinary numbers, and of huge ones (see shared/huge)
//   x [length] -> partials [groups, 2]; groups [1..256], chosen by the caller. length is a multiple of 4: slabs are
//   padded with zeros.

#import shared/huge
#import shared/reduce

struct Dims {
  length: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [length]
@group(0) @binding(2) var<storage, read_write> partials: array<vec2f>; // [groups]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  var squares = vec4f();
  var shrunk_squares = vec4f();
  for (var i = group.x * LANES + lane; i < dims.length / 4u; i += groups.x * LANES) {
    let value = x[i];
    let huge = abs(value) > vec4f(HUGE);
    let ordinary = select(value, vec4f(), huge);
    let shrunk = select(vec4f(), value * SHRINK, huge);
    squares += ordinary * ordinary;
    shrunk_squares += shrunk * shrunk;
  }
  let sum = workgroup_sum(lane, dot(squares, vec4f(1.0)));
  workgroupBarrier();
  let shrunk_sum = workgroup_sum(lane, dot(shrunk_squares, vec4f(1.0)));
  if (lane == 0u) {
    partials[group.x] = vec2f(sum, shrunk_sum);
  }
}
