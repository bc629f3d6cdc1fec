// out[n] = table[ids[n]]
//   ids [N], table [V, E] -> out [N, E]

struct Dims {
  rows: u32, // N
  columns: u32, // E
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> ids: array<u32>; // [N]
@group(0) @binding(2) var<storage, read> table: array<f32>; // [V, E]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [N, E]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.rows * dims.columns; i += groups.x * LANES) {
    out[i] = table[ids[i / dims.columns] * dims.columns + i % dims.columns];
  }
}
