// The only matrix product: C = op(A) . op(B), row-major.
//   op(A) [M, K], op(B) [K, N] -> C [M, N]
// TRANSPOSE_A: A is stored [K, M]; TRANSPOSE_B: B is stored [N, K]
// BIAS: + bias [N] in every row; ACCUMULATE: C += instead of C =
// Products of several parts, alike but for where they lie, share a dispatch: a workgroup's z is its part. They may also be
// parts of K, whose Cs column_sum adds up.
// An invocation keeps its outputs in registers, so that what it loads serves a whole row or column of them.
// WIDE: 8 x 8 outputs, else 4 x 4
// QUADS: four invocations share their rows, see shared/quad_tile
// STAGED: the invocations of a workgroup share tiles of A and B in workgroup memory; else each loads its own
#if QUADS
enable subgroups;
#endif

struct Dims {
  m: u32,
  n: u32,
  k: u32,
  a_stride: u32, // from a row of A as it is stored to the next
  b_offset: u32, // first elements of B and C in their bindings
  c_offset: u32,
  a_part: u32, // from one part to the next
  b_part: u32,
  c_part: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
#if A_VECTORS
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M, K]
#else
@group(0) @binding(1) var<storage, read> a: array<f32>; // [M, K] or [K, M]
#endif
#if B_VECTORS
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [K, N] or [N, K]
#else
@group(0) @binding(2) var<storage, read> b: array<f32>; // [K, N] or [N, K]
#endif
#if C_VECTORS
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>; // [M, N]
#else
@group(0) @binding(3) var<storage, read_write> c: array<f32>; // [M, N]
#endif
#if BIAS
@group(0) @binding(4) var<storage, read> bias: array<f32>; // [N]
#endif

var<private> c_first: u32; // of the part

// Four columns of a row, what of them lies in C.
fn store_quad(row: u32, column: u32, sum: vec4f) {
  let end = select(column, min(column + 4u, dims.n), row < dims.m);
#if C_VECTORS
  if (column < end) {
    let at = (c_first + row * dims.n + column) / 4u;
    var value = sum;
#if BIAS
    value += vec4f(bias[column], bias[column + 1u], bias[column + 2u], bias[column + 3u]);
#endif
#if ACCUMULATE
    value += c[at];
#endif
    c[at] = value;
  }
#else
  for (var j = column; j < end; j++) {
    let at = c_first + row * dims.n + j;
    var value = sum[j - column];
#if BIAS
    value += bias[j];
#endif
#if ACCUMULATE
    value += c[at];
#endif
    c[at] = value;
  }
#endif
}

#if QUADS
#import shared/quad_tile
#else
const LANES = 64u;
#if WIDE
const EDGE = 8u; // outputs of an invocation, each way
#else
const EDGE = 4u;
#endif
#if STAGED
const TILE_K = 16u;
const GRID = 8u; // invocations of a workgroup, each way
const TILE = GRID * EDGE;
const FAR = GRID * 4u; // so that neighbours load neighbouring quads
const PITCH = GRID + 1u; // odd, so that stores along k meet different banks

var<workgroup> sh_a: array<Fragment, TILE_K * PITCH>; // [TILE_K, GRID]
var<workgroup> sh_b: array<Fragment, TILE_K * PITCH>; // [TILE_K, GRID]
#else
const FAR = 4u;
#endif

// What an invocation needs of a column of op(A), or of a row of op(B).
struct Fragment {
  near: vec4f,
#if WIDE
  far: vec4f, // FAR elements on
#endif
}

// The outputs of an invocation: rows as in its fragment of op(A), columns as in that of op(B).
struct Sums {
  near_near: mat4x4f,
#if WIDE
  near_far: mat4x4f,
  far_near: mat4x4f,
  far_far: mat4x4f,
#endif
}

fn add_outer(sum: mat4x4f, x: vec4f, y: vec4f) -> mat4x4f {
  return mat4x4f(
    fma(vec4f(x.x), y, sum[0]),
    fma(vec4f(x.y), y, sum[1]),
    fma(vec4f(x.z), y, sum[2]),
    fma(vec4f(x.w), y, sum[3]),
  );
}

fn multiply_add(sums: ptr<function, Sums>, x: Fragment, y: Fragment) {
  (*sums).near_near = add_outer((*sums).near_near, x.near, y.near);
#if WIDE
  (*sums).near_far = add_outer((*sums).near_far, x.near, y.far);
  (*sums).far_near = add_outer((*sums).far_near, x.far, y.near);
  (*sums).far_far = add_outer((*sums).far_far, x.far, y.far);
#endif
}

// Loads pass the last row of A or column of B only on behalf of outputs that are not stored, and K only where B is zero.
fn a_quad(first: u32, step: u32) -> vec4f {
  return vec4f(a[first], a[first + step], a[first + 2u * step], a[first + 3u * step]);
}

fn b_quad(first: u32, step: u32, inside: bool) -> vec4f {
  return select(vec4f(), vec4f(b[first], b[first + step], b[first + 2u * step], b[first + 3u * step]), inside);
}

fn a_fragment(first: u32, step: u32) -> Fragment {
#if WIDE
  return Fragment(a_quad(first, step), a_quad(first + FAR * step, step));
#else
  return Fragment(a_quad(first, step));
#endif
}

fn b_fragment(first: u32, step: u32, inside: bool) -> Fragment {
#if WIDE
  return Fragment(b_quad(first, step, inside), b_quad(first + FAR * step, step, inside));
#else
  return Fragment(b_quad(first, step, inside));
#endif
}

#if STAGED
struct Slot {
  k: u32,
  unit: u32, // along the grid
}

// The place in a tile of the i-th fragment loaded, such that neighbours load neighbouring elements.
fn slot(i: u32, k_step: u32) -> Slot {
  if (k_step == 1u) {
    return Slot(i % TILE_K, i / TILE_K);
  }
  return Slot(i / GRID, i % GRID);
}
#endif

fn store_block(row: u32, column: u32, sum: mat4x4f) {
  store_quad(row, column, sum[0]);
  store_quad(row + 1u, column, sum[1]);
  store_quad(row + 2u, column, sum[2]);
  store_quad(row + 3u, column, sum[3]);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let depth = dims.k;
  let a_first = group.z * dims.a_part;
  let b_first = dims.b_offset + group.z * dims.b_part;
  c_first = dims.c_offset + group.z * dims.c_part;
#if TRANSPOSE_A
  let row_step = 1u; // from a row of op(A) to the next
  let a_k_step = dims.a_stride;
#else
  let row_step = dims.a_stride;
  let a_k_step = 1u;
#endif
#if TRANSPOSE_B
  let column_step = depth; // from a column of op(B) to the next
  let b_k_step = 1u;
#else
  let column_step = 1u;
  let b_k_step = dims.n;
#endif
  var sums: Sums;
#if STAGED
  let a_tile = a_first + group.y * TILE * row_step;
  let b_tile = b_first + group.x * TILE * column_step;
  for (var start = 0u; start < depth; start += TILE_K) {
    for (var i = lane; i < TILE_K * GRID; i += LANES) {
      let x = slot(i, a_k_step);
      let y = slot(i, b_k_step);
      let x_first = a_tile + (start + x.k) * a_k_step + 4u * x.unit * row_step;
      let y_first = b_tile + (start + y.k) * b_k_step + 4u * y.unit * column_step;
      sh_a[x.k * PITCH + x.unit] = a_fragment(x_first, row_step);
      sh_b[y.k * PITCH + y.unit] = b_fragment(y_first, column_step, start + y.k < depth);
    }
    workgroupBarrier();
    for (var k = 0u; k < TILE_K; k++) {
      multiply_add(&sums, sh_a[k * PITCH + lane / GRID], sh_b[k * PITCH + lane % GRID]);
    }
    workgroupBarrier();
  }
  let row = group.y * TILE + lane / GRID * 4u;
  let column = group.x * TILE + lane % GRID * 4u;
#else
  let blocks = (dims.n + EDGE - 1u) / EDGE;
  let block = group.x * LANES + lane;
  let row = block / blocks * EDGE;
  let column = block % blocks * EDGE;
  if (row >= dims.m) {
    return;
  }
  let x = a_first + row * row_step;
  let y = b_first + column * column_step;
  for (var k = 0u; k < depth; k++) {
    multiply_add(&sums, a_fragment(x + k * a_k_step, row_step), b_fragment(y + k * b_k_step, column_step, true));
  }
#endif
  store_block(row, column, sums.near_near);
#if WIDE
  store_block(row, column + FAR, sums.near_far);
  store_block(row + FAR, column, sums.far_near);
  store_block(row + FAR, column + FAR, sums.far_far);
#endif
}
#endif
