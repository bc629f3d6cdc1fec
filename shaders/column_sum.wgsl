// out[n] = sum over m of a[m, n]: a bias gradient from the gradients of its rows
//   a [M, N] -> out [N]; PAIR: once more `second` elements on, for the two biases of a gate have equal gradients
// UNLIKE: up to four parts of any sizes
// A workgroup owns COLUMNS columns of a part: groups [ceil(largest N / COLUMNS), 1, parts]. ROWS invocations share a
// column; each sums every ROWS-th row in chunks, so that no running sum grows long, and one barrier later the first of
// them adds all.

struct Dims {
#if UNLIKE
  m: vec4u, // of each part
  n: vec4u,
  a_first: vec4u,
  out_first: vec4u,
#else
  m: u32,
  n: u32,
  second: u32,
  a_part: u32, // from one part to the next
  out_part: u32,
#endif
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [M, N]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [N]

const COLUMNS = 32u;
const ROWS = 4u;
const CHUNK = 32u; // rows an invocation adds before the running sum moves on

var<workgroup> sh_sums: array<f32, COLUMNS * ROWS>; // [ROWS, COLUMNS]

fn sum_chunk(first: u32, n: u32, start: u32, end: u32) -> f32 {
  var sum = 0.0;
  for (var row = start; row < end; row += ROWS) {
    sum += a[first + row * n];
  }
  return sum;
}

@compute @workgroup_size(COLUMNS * ROWS)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
#if UNLIKE
  let m = dims.m[group.z];
  let n = dims.n[group.z];
  let a_first = dims.a_first[group.z];
  let out_first = dims.out_first[group.z];
#else
  let m = dims.m;
  let n = dims.n;
  let a_first = group.z * dims.a_part;
  let out_first = group.z * dims.out_part;
#endif
  let column = group.x * COLUMNS + lane % COLUMNS;
  var own = 0.0;
  if (column < n) {
    for (var start = lane / COLUMNS; start < m; start += CHUNK * ROWS) {
      own += sum_chunk(a_first + column, n, start, min(start + CHUNK * ROWS, m));
    }
  }
  sh_sums[lane] = own;
  workgroupBarrier();
  if (lane < COLUMNS && column < n) {
    var sum = 0.0;
    for (var row = 0u; row < ROWS; row++) {
      sum += sh_sums[row * COLUMNS + lane];
    }
    let at = out_first + column;
    out[at] = sum;
#if PAIR
    out[at + dims.second] = sum;
#endif
  }
}
