// The way back through attention to the scores and the queries:
//   dscores[n, s] = weights[n, s] * dcontext[n] . (values[s, b] - context[n])
//   dqueries[n] = sum over s of dscores[n, s] times the derivative of the score
//   dcontext [N, C] -> dscores [N, S], dqueries [N, A]; the rest as in attention
// ADDITIVE: also, from element dims.scaled of dqueries on, [N, A]: sums over s of dscores * tanh(queries + keys), whose
//   column sums are the gradient of score_weight. ACCUMULATE adds to dqueries.
// A workgroup owns a row: groups [N or fewer]. Its invocations share the steps, then the columns of the queries.
#import shared/activation

struct Dims {
  rows: u32, // N
  batch: u32, // B
  steps: u32, // S
  size: u32, // A
  columns: u32, // C
  context: u32,
#if ADDITIVE
  scaled: u32,
#endif
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> keys: array<f32>; // [S, B, A]
@group(0) @binding(2) var<storage, read> values: array<f32>; // [S, B, C]
@group(0) @binding(3) var<storage, read> attended: array<f32>; // weights [N, S], context [N, C]
@group(0) @binding(4) var<storage, read> dcontext: array<f32>; // [N, C]
#if ADDITIVE
@group(0) @binding(5) var<storage, read> queries: array<f32>; // [N, A]
@group(0) @binding(6) var<storage, read> score_weight: array<f32>; // [A]
#endif
@group(0) @binding(7) var<storage, read_write> dscores: array<f32>; // [N, S]
@group(0) @binding(8) var<storage, read_write> dqueries: array<f32>; // [N, A]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  for (var row = group.x; row < dims.rows; row += groups.x) {
    let b = row % dims.batch;
    let steps = dims.steps;
    let columns = dims.columns;
    let first = row * steps;
    let gradient = row * columns; // of dcontext
    let context = dims.context + gradient; // of attended
    for (var s = lane; s < steps; s += LANES) {
      let value = (s * dims.batch + b) * columns;
      var dweight = 0.0; // less what all weights of the row have in common
      for (var c = 0u; c < columns; c++) {
        dweight += dcontext[gradient + c] * (values[value + c] - attended[context + c]);
      }
      dscores[first + s] = attended[first + s] * dweight;
    }
    storageBarrier();
    let stride = dims.batch * dims.size;
    for (var a = lane; a < dims.size; a += LANES) {
      let at = row * dims.size + a;
      var dquery = 0.0;
      var scaled = 0.0;
      var key_at = b * dims.size + a;
#if ADDITIVE
      let query = queries[at];
#endif
      for (var s = 0u; s < steps; s++) {
        let key = keys[key_at];
        key_at += stride;
#if ADDITIVE
        let y = safe_tanh(query + key);
        dquery += dscores[first + s] * tanh_derivative(y);
        scaled += dscores[first + s] * y;
#else
        dquery += dscores[first + s] * key;
#endif
      }
#if ADDITIVE
      dquery *= score_weight[a];
      dqueries[dims.scaled + at] = scaled;
#endif
#if ACCUMULATE
      dqueries[at] += dquery;
#else
      dqueries[at] = dquery;
#endif
    }
  }
}
