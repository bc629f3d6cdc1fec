// out[n] = sum over m of a[m, n]: a bias gradient from the gradients of its rows
//   a [M, N] -> out [N]; PAIR also writes out2 [N]: the two biases of a gate have equal gradients
// A workgroup owns COLUMNS columns: groups [ceil(N / COLUMNS)]. ROWS invocations share a column; each sums every
// ROWS-th row in chunks, so that no running sum grows long, and one barrier later the first of them adds the parts.

struct Dims {
  m: u32,
  n: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [M, N]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [N]
#if PAIR
@group(0) @binding(3) var<storage, read_write> out2: array<f32>; // [N]
#endif

const COLUMNS = 32u;
const ROWS = 4u;
const CHUNK = 32u; // rows an invocation adds before the running sum moves on

var<workgroup> sh_part: array<f32, COLUMNS * ROWS>; // [ROWS, COLUMNS]

fn sum_chunk(start: u32, column: u32) -> f32 {
  var sum = 0.0;
  for (var row = start; row < min(start + CHUNK * ROWS, dims.m); row += ROWS) {
    sum += a[row * dims.n + column];
  }
  return sum;
}

@compute @workgroup_size(COLUMNS * ROWS)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let column = group.x * COLUMNS + lane % COLUMNS;
  var part = 0.0;
  if (column < dims.n) {
    for (var start = lane / COLUMNS; start < dims.m; start += CHUNK * ROWS) {
      part += sum_chunk(start, column);
    }
  }
  sh_part[lane] = part;
  workgroupBarrier();
  if (lane < COLUMNS && column < dims.n) {
    var sum = 0.0;
    for (var row = 0u; row < ROWS; row++) {
      sum += sh_part[row * COLUMNS + lane];
    }
    out[column] = sum;
#if PAIR
    out2[column] = sum;
#endif
  }
}
