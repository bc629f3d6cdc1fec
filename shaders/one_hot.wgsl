// out[n, v] = 1 where v is ids[n], else 0
//   ids [N] -> out [N, V]

struct Dims {
  rows: u32, // N
  columns: u32, // V
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> ids: array<u32>; // [N]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [N, V]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.rows * dims.columns; i += groups.x * LANES) {
    out[i] = select(0.0, 1.0, i % dims.columns == ids[i / dims.columns]);
  }
}
