// Lays the recurrent weights out as the machines read them, the gates of a unit together.
//   weight_hh [G*H, H], bias_hh [G*H] -> forward [H+1, H] Gates: forward[k][u][g] = weight_hh[g*H + u][k], row H bias
// BACKWARD: also backward [H, H] Gates, backward[u][k][g] = weight_hh[g*H + u][k]

struct Dims {
  hidden: u32, // H
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> weight_hh: array<f32>; // [G*H, H]
@group(0) @binding(2) var<storage, read> bias_hh: array<f32>; // [G*H]
@group(0) @binding(3) var<storage, read_write> forward: array<f32>; // [H+1, H, PITCH]
#if BACKWARD
@group(0) @binding(4) var<storage, read_write> backward: array<f32>; // [H, H, PITCH]
#endif

const LANES = 64u;
const GATES = 4u; // G
const PITCH = 4u; // elements from Gates to Gates in an array: G, but 4 for a vec3f

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let h = dims.hidden;
  for (var i = id.x; i < (h + 1u) * h; i += groups.x * LANES) {
    let row = i / h;
    let column = i % h;
    if (row == h) {
      for (var g = 0u; g < GATES; g++) {
        forward[i * PITCH + g] = bias_hh[g * h + column];
      }
    } else {
      for (var g = 0u; g < GATES; g++) {
        forward[i * PITCH + g] = weight_hh[(g * h + column) * h + row];
#if BACKWARD
        backward[i * PITCH + g] = weight_hh[(g * h + row) * h + column];
#endif
      }
    }
  }
}
