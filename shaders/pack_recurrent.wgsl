// Lays the weights of a recurrent product out as the machines read them, the gates of a unit together, with rows of
// per-unit parameters behind them (shared/unit_rows): the shift b_hh, peepholes, the gain of layer normalisation. What a
// layer does not have is 0.
//   weight [G*U, K] -> forward [K+3, U] Gates: forward[k][u][g] = weight[g*U + u][k]
// BACKWARD: also backward, [U, K] Gates and the same rows: backward[u][k][g] = weight[g*U + u][k]

struct Dims {
  units: u32, // U
  operands: u32, // K
  weight_offset: u32, // first element of the weights in their binding, and of shift and gain in theirs
  unit_offset: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [G*U, K]
#if SHIFT
@group(0) @binding(2) var<storage, read> shift: array<f32>; // [G*U]
#endif
#if PEEPHOLES
@group(0) @binding(3) var<storage, read> peepholes: array<f32>; // [PEEPHOLES*U]
#endif
#if GAIN
@group(0) @binding(4) var<storage, read> gain: array<f32>; // [G*U]
#endif
@group(0) @binding(5) var<storage, read_write> forward: array<f32>; // [K+3, U, PITCH]
#if BACKWARD
@group(0) @binding(6) var<storage, read_write> backward: array<f32>; // [U*K + 3*U, PITCH]
#endif

const LANES = 64u;
const GATES = 4u; // G
const PITCH = 4u; // elements from Gates to Gates in an array: G, but 4 for a vec3f
const PEEPHOLES = 3u; // of i, f and o; 2 if f is coupled to i

fn store(forward_at: u32, backward_at: u32, gate: u32, value: f32) {
  forward[forward_at * PITCH + gate] = value;
#if BACKWARD
  backward[backward_at * PITCH + gate] = value;
#endif
}

// The peephole that belongs to a component of the row: i, f, o.
fn peephole_of(component: u32, unit: u32) -> f32 {
#if PEEPHOLES
  if (component == 2u) {
    return peepholes[(PEEPHOLES - 1u) * dims.units + unit];
  }
  if (component + 1u < PEEPHOLES) {
    return peepholes[component * dims.units + unit];
  }
#endif
  return 0.0;
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let units = dims.units;
  let weights = dims.operands * units;
  for (var i = id.x; i < weights; i += groups.x * LANES) {
    let k = i / units;
    let unit = i % units;
    for (var gate = 0u; gate < GATES; gate++) {
      let value = weight[dims.weight_offset + (gate * units + unit) * dims.operands + k];
      store(i, unit * dims.operands + k, gate, value);
    }
  }
  for (var unit = id.x; unit < units; unit += groups.x * LANES) {
    for (var gate = 0u; gate < GATES; gate++) {
      let at = dims.unit_offset + gate * units + unit;
      var row_shift = 0.0;
      var row_gain = 0.0;
#if SHIFT
      row_shift = shift[at];
#endif
#if GAIN
      row_gain = gain[at];
#endif
      store(weights + unit, weights + unit, gate, row_shift);
      store(weights + units + unit, weights + units + unit, gate, peephole_of(gate, unit));
      store(weights + 2u * units + unit, weights + 2u * units + unit, gate, row_gain);
    }
  }
}
