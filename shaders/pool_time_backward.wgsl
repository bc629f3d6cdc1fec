// The way back through pool_time.
//   dy, saved [B, N] -> dx [T, B, N]
// MEAN: every step gets dy times what was saved, its share; else only the step that was saved gets dy.
// MASKED: with MEAN, steps that the mask leaves out get 0.

struct Dims {
  time: u32, // T
  batch: u32, // B
  columns: u32, // N
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> dy: array<f32>; // [B, N]
@group(0) @binding(2) var<storage, read> saved: array<f32>; // [B, N]
#if MASKED
@group(0) @binding(3) var<storage, read> mask: array<f32>; // [T, B]
#endif
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // [T, B, N]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let elements = dims.batch * dims.columns;
  for (var i = id.x; i < dims.time * elements; i += groups.x * LANES) {
    let at = i % elements;
#if MEAN
    var share = saved[at];
#if MASKED
    share *= mask[i / dims.columns];
#endif
    dx[i] = share * dy[at];
#else
    dx[i] = select(0.0, dy[at], saved[at] == f32(i / elements));
#endif
  }
}
