// The way back through attention to what the source gave:
//   dkeys[s, b] = sum over t of dscores[t, b, s] times the derivative of the score
//   dvalues[s, b] = sum over t of weights[t, b, s] * dcontext[t, b]
//   weights, dscores [T, B, S], dcontext [T, B, C] -> dkeys [S, B, A], dvalues [S, B, C]; the rest as in attention
// A workgroup owns a step of a row of the source: groups [S*B or fewer]. Its invocations share the columns.
#import shared/activation

struct Dims {
  time: u32, // T
  batch: u32, // B
  steps: u32, // S
  size: u32, // A
  columns: u32, // C
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> queries: array<f32>; // [T, B, A]
@group(0) @binding(2) var<storage, read> weights: array<f32>; // [T, B, S]
@group(0) @binding(3) var<storage, read> dscores: array<f32>; // [T, B, S]
@group(0) @binding(4) var<storage, read> dcontext: array<f32>; // [T, B, C]
#if ADDITIVE
@group(0) @binding(5) var<storage, read> keys: array<f32>; // [S, B, A]
@group(0) @binding(6) var<storage, read> score_weight: array<f32>; // [A]
#endif
@group(0) @binding(7) var<storage, read_write> dkeys: array<f32>; // [S, B, A]
@group(0) @binding(8) var<storage, read_write> dvalues: array<f32>; // [S, B, C]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  for (var step = group.x; step < dims.steps * dims.batch; step += groups.x) {
    let s = step / dims.batch;
    let b = step % dims.batch;
    let time = dims.time;
    let of_scores = dims.batch * dims.steps;
    let of_queries = dims.batch * dims.size;
    let of_context = dims.batch * dims.columns;
    let first = b * dims.steps + s;
    for (var a = lane; a < dims.size; a += LANES) {
      let at = step * dims.size + a;
      var dkey = 0.0;
#if ADDITIVE
      let key = keys[at];
#endif
      for (var t = 0u; t < time; t++) {
        let query = queries[t * of_queries + b * dims.size + a];
#if ADDITIVE
        dkey += dscores[t * of_scores + first] * tanh_derivative(safe_tanh(query + key));
#else
        dkey += dscores[t * of_scores + first] * query;
#endif
      }
#if ADDITIVE
      dkey *= score_weight[a];
#endif
      dkeys[at] = dkey;
    }
    for (var c = lane; c < dims.columns; c += LANES) {
      var dvalue = 0.0;
      for (var t = 0u; t < time; t++) {
        dvalue += weights[t * of_scores + first] * dcontext[t * of_context + b * dims.columns + c];
      }
      dvalues[step * dims.columns + c] = dvalue;
    }
  }
}
