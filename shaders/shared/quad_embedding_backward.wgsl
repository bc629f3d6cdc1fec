// The sums of embedding_backward by one subgroup of four, which goes through all ids in turn and adds what it finds row by
// row. SwiftShader plays the subgroups of a workgroup one after another: where each has a few columns of its own, it comes
// back to every row for 64 bytes, and waits for memory three times as long as it computes. A workgroup owns LANES * VALUES
// columns, four times as many by VECTORS.

const LANES = 4u; // the subgroup, no other number will do
const VALUES = 32u; // columns of an invocation, by VECTORS in fours

var<private> sums: array<Value, SPAN * VALUES>; // [SPAN, VALUES]

// `place` of its id among the SPAN of the workgroup; others are left out.
fn add_row(n: u32, place: u32, column: u32, count: u32) {
  if (place < SPAN) {
    let row = n * (dims.columns / WIDTH) + column;
    for (var i = 0u; i < count; i++) {
      sums[place * VALUES + i] += dout[row + i * LANES];
    }
  }
}

fn store_row(place: u32, row: u32, column: u32, count: u32) {
  let first = row * (dims.columns / WIDTH) + column;
  for (var i = 0u; i < count; i++) {
    var sum = sums[place * VALUES + i];
#if ACCUMULATE
    sum += dtable[first + i * LANES];
#endif
    dtable[first + i * LANES] = sum;
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let first = group.x * SPAN;
  let column = group.y * LANES * VALUES + lane;
  // Of an invocation: every LANES-th column from its first on.
  let count = (min(column + LANES * VALUES, dims.columns / WIDTH + LANES - 1u) - column) / LANES;
  for (var n = 0u; n < dims.rows; n += LANES) {
    // Each invocation loads one id; below `first` the difference wraps and is large.
    let place = select(SPAN, ids[n + lane] - first, n + lane < dims.rows);
    add_row(n, quadBroadcast(place, 0u), column, count);
    add_row(n + 1u, quadBroadcast(place, 1u), column, count);
    add_row(n + 2u, quadBroadcast(place, 2u), column, count);
    add_row(n + 3u, quadBroadcast(place, 3u), column, count);
  }
  for (var i = 0u; i < SPAN && first + i < dims.vocabulary; i++) {
    store_row(i, first + i, column, count);
  }
}
