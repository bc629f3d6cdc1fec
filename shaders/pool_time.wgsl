// One step for each row in place of a sequence: its last, its largest or its mean, feature by feature.
//   x [T, B, N] -> y [1, B, N]
// LAST: the last step; of the features from dims.reversed on, which have run backwards in time, the first.
// MAX: the largest number, the first of equals. Else the mean.
// MASKED: over the steps that the mask leaves in; a row without any gives 0.
// saved [B, N] is for the way back: the step that was taken, -1 for none; or 1 / the number of steps, 0 for none.

struct Dims {
  time: u32, // T
  batch: u32, // B
  columns: u32, // N
  reversed: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [T, B, N]
#if MASKED
@group(0) @binding(2) var<storage, read> mask: array<f32>; // [T, B]
#endif
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [B, N]
@group(0) @binding(4) var<storage, read_write> saved: array<f32>; // [B, N]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let elements = dims.batch * dims.columns;
  for (var i = id.x; i < elements; i += groups.x * LANES) {
    var value = 0.0;
    var step = -1.0;
    var count = 0.0;
    for (var t = 0u; t < dims.time; t++) {
#if MASKED
      if (mask[t * dims.batch + i / dims.columns] == 0.0) {
        continue;
      }
#endif
      let element = x[t * elements + i];
#if LAST
      if (step < 0.0 || i % dims.columns < dims.reversed) {
        value = element;
        step = f32(t);
      }
#else
#if MAX
      if (step < 0.0 || element > value) {
        value = element;
        step = f32(t);
      }
#else
      value += element;
      count += 1.0;
#endif
#endif
    }
#if LAST
    y[i] = value;
    saved[i] = step;
#else
#if MAX
    y[i] = value;
    saved[i] = step;
#else
    let share = select(0.0, 1.0 / max(count, 1.0), count > 0.0);
    y[i] = value * share;
    saved[i] = share;
#endif
#endif
  }
}
