// The sum over a workgroup in a fixed order. The importing kernel declares LANES, its invocations.

var<workgroup> sh_value: array<f32, LANES>;

// The sum of every invocation's value, in invocation 0; 0 in the others. One barrier, where a tree would need
// log2(LANES). To be called from uniform control flow; before another call there must be a barrier.
fn workgroup_sum(lane: u32, value: f32) -> f32 {
  sh_value[lane] = value;
  workgroupBarrier();
  var sum = 0.0;
  if (lane == 0u) {
    for (var i = 0u; i < LANES; i++) {
      sum += sh_value[i];
    }
  }
  return sum;
}
