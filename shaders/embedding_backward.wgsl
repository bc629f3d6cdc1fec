// dtable[v] = sum of dout[n] over the n with ids[n] == v
//   ids [N], dout [N, E] -> dtable [V, E]; ACCUMULATE adds to dtable; VECTORS: E is a multiple of 4
// A workgroup owns SPAN rows of the table and some columns: groups [ceil(V / SPAN), ceil(E / those)]. Each sum has one owner
// and a fixed order; nothing is atomic.
// QUADS: by one subgroup of four, see shared/quad_embedding_backward. Else a workgroup owns LANES columns, four times as many
// by VECTORS, and looks for its ids in blocks of BLOCK: each invocation marks the matches among 32 of them in one word, then
// every invocation walks all the words and sums its own columns.
#if QUADS
enable subgroups;
#endif

#import shared/vectors

struct Dims {
  rows: u32, // N
  columns: u32, // E
  vocabulary: u32, // V
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> ids: array<u32>; // [N]
@group(0) @binding(2) var<storage, read> dout: array<Value>; // [N, E]
@group(0) @binding(3) var<storage, read_write> dtable: array<Value>; // [V, E]

const SPAN = 8u;

#if QUADS
#import shared/quad_embedding_backward
#else
const LANES = 64u;
const BLOCK = 32u * LANES;

var<workgroup> sh_matches: array<u32, LANES>; // bit i of word l: ids[block + i * LANES + l] is one of ours
var<workgroup> sh_sum: array<Value, SPAN * LANES>; // [SPAN, LANES], each column touched by its own invocation only

// The word of one invocation.
fn matches_of(lane: u32, block: u32, first: u32) -> u32 {
  var matches = 0u;
  for (var i = 0u; i < 32u && block + i * LANES < dims.rows; i++) {
    let n = block + i * LANES + lane;
    if (n < dims.rows && ids[n] - first < SPAN) { // below `first` the difference wraps and is large
      matches |= 1u << i;
    }
  }
  return matches;
}

fn sum_block(lane: u32, block: u32, first: u32, column: u32) {
  let columns = dims.columns / WIDTH;
  for (var i = 0u; i < SPAN; i++) {
    sh_sum[i * LANES + lane] = Value(0.0);
  }
  for (var word = 0u; word < LANES && block + word < dims.rows; word++) {
    var matches = sh_matches[word];
    while (matches != 0u) {
      let n = block + countTrailingZeros(matches) * LANES + word;
      matches &= matches - 1u;
      sh_sum[(ids[n] - first) * LANES + lane] += dout[n * columns + column];
    }
  }
}

fn store_block(lane: u32, block: u32, first: u32, column: u32) {
#if ACCUMULATE
  let adds = true;
#else
  let adds = block > 0u;
#endif
  for (var i = 0u; i < SPAN && first + i < dims.vocabulary; i++) {
    let at = (first + i) * (dims.columns / WIDTH) + column;
    var sum = sh_sum[i * LANES + lane];
    if (adds) {
      sum += dtable[at];
    }
    dtable[at] = sum;
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let first = group.x * SPAN;
  let column = group.y * LANES + lane;
  for (var block = 0u; block < dims.rows; block += BLOCK) {
    sh_matches[lane] = matches_of(lane, block, first);
    workgroupBarrier();
    if (column < dims.columns / WIDTH) {
      sum_block(lane, block, first, column);
      store_block(lane, block, first, column);
    }
    workgroupBarrier();
  }
}
#endif
