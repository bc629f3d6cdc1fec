// out[n] = table[ids[n]]
//   ids [N], table [V, E] -> out [N, E]; VECTORS: E is a multiple of 4
// A workgroup copies ROWS rows at a time, each by LANES invocations; groups [any].

#import shared/vectors

struct Dims {
  rows: u32, // N
  columns: u32, // E
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> ids: array<u32>; // [N]
@group(0) @binding(2) var<storage, read> table: array<Value>; // [V, E]
@group(0) @binding(3) var<storage, read_write> out: array<Value>; // [N, E]

const LANES = 64u;
const ROWS = 1u;

@compute @workgroup_size(LANES, ROWS)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let columns = dims.columns / WIDTH;
  for (var row = group.x * ROWS + local.y; row < dims.rows; row += groups.x * ROWS) {
    let to = row * columns;
    let origin = ids[row] * columns;
    for (var column = local.x; column < columns; column += LANES) {
      out[to + column] = table[origin + column];
    }
  }
}
