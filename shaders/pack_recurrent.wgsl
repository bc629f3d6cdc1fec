// Lays the weights of a recurrent product out as the machines read them, the gates of a unit together, with rows of
// per-unit parameters behind them (shared/unit_rows): the shift b_hh, peepholes, the gain of layer normalisation. What a
// layer does not have is 0.
//   weight [G*U, K] -> forward [K+3, U] Gates: forward[k][u][g] = weight[g*U + u][k]
// BACKWARD: also backward, [U, K] Gates and the same rows: backward[u][k][g] = weight[g*U + u][k]
// HALF: the weights in float16, two to a word, in the same order; the rows stay float32 (shared/weights).
// Directions or layers share a dispatch: a workgroup's z is the part that it packs.

struct Dims {
  units: u32, // U
  operands: u32, // K
  weight_offset: u32, // first element of the weights in their binding, and of shift and gain in theirs
  unit_offset: u32,
  source_part: u32, // from one part's to the next, of all that is read
  packed_part: u32,
}

#if HALF
alias Word = u32;
#else
alias Word = f32;
#endif

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
@group(0) @binding(5) var<storage, read_write> forward: array<Word>; // [K+3, U, PITCH]
#if BACKWARD
@group(0) @binding(6) var<storage, read_write> backward: array<Word>; // [U*K + 3*U, PITCH]
#endif

const LANES = 64u;
const GATES = 4u; // G
const PITCH = 4u; // elements from Gates to Gates in an array: G, but 4 for a vec3f
const PEEPHOLES = 3u; // of i, f and o; 2 if f is coupled to i

var<private> source: u32; // first elements of the part
var<private> packed: u32;

#if HALF
#import shared/half_pack
#else
fn store_weights(first: u32, stride: u32) {
  for (var i = first; i < dims.operands * dims.units; i += stride) {
    let k = i / dims.units;
    let unit = i % dims.units;
    for (var gate = 0u; gate < GATES; gate++) {
      let value = weight[source + dims.weight_offset + (gate * dims.units + unit) * dims.operands + k];
      forward[packed + (k * dims.units + unit) * PITCH + gate] = value;
#if BACKWARD
      backward[packed + (unit * dims.operands + k) * PITCH + gate] = value;
#endif
    }
  }
}
#endif

// Where the rows begin.
fn words_of_weights() -> u32 {
  let weights = dims.operands * dims.units;
#if HALF
  return (weights + 1u) / 2u * PITCH;
#else
  return weights * PITCH;
#endif
}

fn store_number(row: u32, unit: u32, gate: u32, value: f32) {
  let at = packed + words_of_weights() + (row * dims.units + unit) * PITCH + gate;
  forward[at] = bitcast<Word>(value);
#if BACKWARD
  backward[at] = bitcast<Word>(value);
#endif
}

// The peephole that belongs to a component of the row: i, f, o.
fn peephole_of(component: u32, unit: u32) -> f32 {
#if PEEPHOLES
  if (component == 2u) {
    return peepholes[source + (PEEPHOLES - 1u) * dims.units + unit];
  }
  if (component + 1u < PEEPHOLES) {
    return peepholes[source + component * dims.units + unit];
  }
#endif
  return 0.0;
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let units = dims.units;
  source = id.z * dims.source_part;
  packed = id.z * dims.packed_part;
  store_weights(id.x, groups.x * LANES);
  for (var unit = id.x; unit < units; unit += groups.x * LANES) {
    for (var gate = 0u; gate < GATES; gate++) {
      let at = source + dims.unit_offset + gate * units + unit;
      var row_shift = 0.0;
      var row_gain = 0.0;
#if SHIFT
      row_shift = shift[at];
#endif
#if GAIN
      row_gain = gain[at];
#endif
      store_number(0u, unit, gate, row_shift);
      store_number(1u, unit, gate, peephole_of(gate, unit));
      store_number(2u, unit, gate, row_gain);
    }
  }
}
