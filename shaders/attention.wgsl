// Each row of a decoder looks at the steps of its source: weights = softmax over s of the scores, context = their mean
//   score of (n, s): queries[n] . keys[s, b], or, if ADDITIVE, sum over a of score_weight[a] * tanh(queries[n, a] + keys[s, b, a])
//   queries [N, A], keys [S, B, A], values [S, B, C] -> attended: weights [N, S] and, from element dims.context on,
//   context [N, C]; row n belongs to b = n mod B
// MASKED: steps that the mask leaves out have weight 0; so have all where it leaves out all.
// A workgroup owns a row: groups [N or fewer]. Its invocations share the steps, then the columns of the context.
#import shared/activation

struct Dims {
  rows: u32, // N
  batch: u32, // B
  steps: u32, // S
  size: u32, // A
  columns: u32, // C
  context: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> queries: array<f32>; // [N, A]
@group(0) @binding(2) var<storage, read> keys: array<f32>; // [S, B, A]
@group(0) @binding(3) var<storage, read> values: array<f32>; // [S, B, C]
#if MASKED
@group(0) @binding(4) var<storage, read> mask: array<f32>; // [S, B]
#endif
#if ADDITIVE
@group(0) @binding(5) var<storage, read> score_weight: array<f32>; // [A]
#endif
@group(0) @binding(6) var<storage, read_write> attended: array<f32>;

const LANES = 64u;
const LOWEST = -0x1.fffffep+127; // the lowest finite float32

var<workgroup> sh_part: array<f32, LANES>;

fn taken(step: u32) -> bool {
#if MASKED
  return mask[step] > 0.0;
#else
  return true;
#endif
}

// step: of a row of the source, s * B + b
fn score_of(row: u32, step: u32) -> f32 {
  let size = dims.size;
  let query_row = row * size;
  let key_row = step * size;
  var sum = 0.0;
  for (var a = 0u; a < size; a++) {
    let query = queries[query_row + a];
    let key = keys[key_row + a];
#if ADDITIVE
    sum += score_weight[a] * safe_tanh(query + key);
#else
    sum += query * key;
#endif
  }
  return sum;
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  for (var row = group.x; row < dims.rows; row += groups.x) {
    let b = row % dims.batch;
    let first = row * dims.steps;
    var most = LOWEST;
    for (var s = lane; s < dims.steps; s += LANES) {
      let step = s * dims.batch + b;
      if (taken(step)) {
        let score = score_of(row, step);
        attended[first + s] = score;
        most = max(most, score);
      }
    }
    sh_part[lane] = most;
    workgroupBarrier();
    for (var i = 0u; i < LANES; i++) {
      most = max(most, sh_part[i]);
    }
    workgroupBarrier();
    var sum = 0.0;
    for (var s = lane; s < dims.steps; s += LANES) {
      var weight = 0.0;
      if (taken(s * dims.batch + b)) {
        weight = exp(attended[first + s] - most);
      }
      attended[first + s] = weight;
      sum += weight;
    }
    sh_part[lane] = sum;
    workgroupBarrier();
    sum = 0.0;
    for (var i = 0u; i < LANES; i++) {
      sum += sh_part[i];
    }
    if (sum > 0.0) {
      for (var s = lane; s < dims.steps; s += LANES) {
        attended[first + s] /= sum;
      }
    }
    storageBarrier();
    let steps = dims.steps;
    let stride = dims.batch * dims.columns;
    for (var c = lane; c < dims.columns; c += LANES) {
      var mean = 0.0;
      var at = b * dims.columns + c;
      for (var s = 0u; s < steps; s++) {
        mean += attended[first + s] * values[at];
        at += stride;
      }
      attended[dims.context + row * dims.columns + c] = mean;
    }
    workgroupBarrier();
  }
}
