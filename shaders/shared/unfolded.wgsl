// What became of an element in unfold_time: the sum of the gradients of all columns that it went into.

// moment: a step, counted from the first of the past; i: of an element within a step [B, I]
fn unfolded(moment: u32, i: u32) -> f32 {
  var sum = 0.0;
  for (var tap = 0u; tap < dims.taps; tap++) {
    let t = moment - tap * dims.dilation; // wraps below the first step
    if (t < dims.time) {
      sum += dcolumns[(t * dims.batch * dims.inputs + i) * dims.taps + tap];
    }
  }
  return sum;
}
