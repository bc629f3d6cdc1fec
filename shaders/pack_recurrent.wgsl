// Lays the recurrent weights out as the machines read them, the gates of a unit together.
//   weight_hh [G*H, H], bias_hh [G*H] -> forward [H+1, H] Gates: forward[k][u][g] = weight_hh[g*H + u][k], row H bias
// BACKWARD: also backward [H, H] Gates, backward[u][k][g] = weight_hh[g*H + u][k]
#import cell

struct Dims {
  hidden: u32, // H
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> weight_hh: array<f32>; // [G*H, H]
@group(0) @binding(2) var<storage, read> bias_hh: array<f32>; // [G*H]
@group(0) @binding(3) var<storage, read_write> forward: array<Gates>; // [H+1, H]
#if BACKWARD
@group(0) @binding(4) var<storage, read_write> backward: array<Gates>; // [H, H]
#endif

const LANES = 64u;

fn bias(unit: u32) -> Gates {
  let h = dims.hidden;
  return Gates(bias_hh[unit], bias_hh[h + unit], bias_hh[2u * h + unit], bias_hh[3u * h + unit]);
}

fn weight(unit: u32, k: u32) -> Gates {
  let h = dims.hidden;
  let at = unit * h + k;
  let gate = h * h;
  return Gates(weight_hh[at], weight_hh[gate + at], weight_hh[2u * gate + at], weight_hh[3u * gate + at]);
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let h = dims.hidden;
  for (var i = id.x; i < (h + 1u) * h; i += groups.x * LANES) {
    let row = i / h;
    let column = i % h;
    if (row == h) {
      forward[i] = bias(column);
    } else {
      forward[i] = weight(column, row);
#if BACKWARD
      backward[i] = weight(row, column);
#endif
    }
  }
}
