// Sums over the units of each row of the quad that a workgroup owns.

var<workgroup> sh_rows: array<vec4f, LANES>;

// The sum of every invocation's value, in every invocation, in a fixed order. To be called from uniform control flow.
fn sum_rows(lane: u32, value: vec4f) -> vec4f {
  sh_rows[lane] = value;
  workgroupBarrier();
  var sum = vec4f();
  for (var i = 0u; i < LANES; i++) {
    sum += sh_rows[i];
  }
  workgroupBarrier();
  return sum;
}

fn sum_gates(value: Gates) -> f32 {
  return dot_gates(value, Gates(1.0));
}

fn sum_gates_quad(value: Quad) -> vec4f {
  return vec4f(sum_gates(value[0]), sum_gates(value[1]), sum_gates(value[2]), sum_gates(value[3]));
}
