// The tile of a product that four invocations keep in registers: 32 rows that all four share, 8 columns of each. For
// adapters with subgroups of four whose loads cost as much as many multiply-adds: an invocation loads a quarter of the
// rows of A and gets the others from its neighbours. K, N and the places where B and C begin are multiples of 4.

const ROWS = 32u;
const COLUMNS = 8u; // of an invocation

// Columns of a row and four steps of k after another. As y: what four columns of B hold, a step each.
struct Pair {
  near: mat4x4f,
  far: mat4x4f,
}

// The bias of the columns.
struct Shift {
  near: vec4f,
  far: vec4f,
}

// Four steps of k of four columns.
fn b_block(at: u32, step: u32) -> mat4x4f {
  let block = mat4x4f(b[at], b[at + step], b[at + 2u * step], b[at + 3u * step]);
#if TRANSPOSE_B
  return transpose(block);
#else
  return block;
#endif
}

// Four steps of k of a row.
fn a_quad(at: u32, step: u32) -> vec4f {
#if TRANSPOSE_A
  return vec4f(a[at], a[at + step], a[at + 2u * step], a[at + 3u * step]);
#else
  return a[at];
#endif
}

fn add_steps(sum: vec4f, x: vec4f, y: mat4x4f) -> vec4f {
  return fma(y[3], vec4f(x.w), fma(y[2], vec4f(x.z), fma(y[1], vec4f(x.y), fma(y[0], vec4f(x.x), sum))));
}

// Of four rows: the invocation's own first, then those of its neighbours.
fn add_rows(sum: ptr<function, Pair>, x: vec4f, y: Pair) {
  (*sum).near[0] = add_steps((*sum).near[0], x, y.near);
  (*sum).far[0] = add_steps((*sum).far[0], x, y.far);
  let across_x = quadSwapX(x);
  (*sum).near[1] = add_steps((*sum).near[1], across_x, y.near);
  (*sum).far[1] = add_steps((*sum).far[1], across_x, y.far);
  let across_y = quadSwapY(x);
  (*sum).near[2] = add_steps((*sum).near[2], across_y, y.near);
  (*sum).far[2] = add_steps((*sum).far[2], across_y, y.far);
  let across_both = quadSwapDiagonal(x);
  (*sum).near[3] = add_steps((*sum).near[3], across_both, y.near);
  (*sum).far[3] = add_steps((*sum).far[3], across_both, y.far);
}

fn store_quad(row: u32, column: u32, sum: vec4f) {
  let at = (dims.c_offset + row * dims.n + column) / 4u;
#if ACCUMULATE
  c[at] += sum;
#else
  c[at] = sum;
#endif
}

fn store_row(row: u32, column: u32, near: vec4f, far: vec4f) {
  store_quad(row, column, near);
  store_quad(row, column + 4u, far);
}

// Of four rows from `row` on, in the order of add_rows.
fn store_rows(row: u32, column: u32, lane: u32, sum: Pair, shift: Shift) {
  if (row < dims.m && column < dims.n) {
    store_row(row + lane, column, sum.near[0] + shift.near, sum.far[0] + shift.far);
    store_row(row + (lane ^ 1u), column, sum.near[1] + shift.near, sum.far[1] + shift.far);
    store_row(row + (lane ^ 2u), column, sum.near[2] + shift.near, sum.far[2] + shift.far);
    store_row(row + (lane ^ 3u), column, sum.near[3] + shift.near, sum.far[3] + shift.far);
  }
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * ROWS;
  let own = row + lane;
  let column = (group.x * 4u + lane) * COLUMNS;
#if TRANSPOSE_A
  let a_k_step = dims.a_stride;
  let a_loop = 4u * a_k_step;
  let a_rows = 4u;
  var x = own;
#else
  let a_k_step = 1u;
  let a_loop = 1u;
  let a_rows = dims.a_stride;
  var x = own * (dims.a_stride / 4u);
#endif
#if TRANSPOSE_B
  let b_step = dims.k / 4u;
  let b_loop = 1u;
  let far = 4u * b_step;
  var y = dims.b_offset / 4u + column * b_step;
#else
  let b_step = dims.n / 4u;
  let b_loop = 4u * b_step;
  let far = 1u;
  var y = (dims.b_offset + column) / 4u;
#endif
  var rows_0: Pair;
  var rows_4: Pair;
  var rows_8: Pair;
  var rows_12: Pair;
  var rows_16: Pair;
  var rows_20: Pair;
  var rows_24: Pair;
  var rows_28: Pair;
  for (var k = 0u; k < dims.k; k += 4u) {
    let block = Pair(b_block(y, b_step), b_block(y + far, b_step));
    add_rows(&rows_0, a_quad(x, a_k_step), block);
    add_rows(&rows_4, a_quad(x + a_rows, a_k_step), block);
    add_rows(&rows_8, a_quad(x + 2u * a_rows, a_k_step), block);
    add_rows(&rows_12, a_quad(x + 3u * a_rows, a_k_step), block);
    add_rows(&rows_16, a_quad(x + 4u * a_rows, a_k_step), block);
    add_rows(&rows_20, a_quad(x + 5u * a_rows, a_k_step), block);
    add_rows(&rows_24, a_quad(x + 6u * a_rows, a_k_step), block);
    add_rows(&rows_28, a_quad(x + 7u * a_rows, a_k_step), block);
    x += a_loop;
    y += b_loop;
  }
  var shift: Shift;
#if BIAS
  shift.near = vec4f(bias[column], bias[column + 1u], bias[column + 2u], bias[column + 3u]);
  shift.far = vec4f(bias[column + 4u], bias[column + 5u], bias[column + 6u], bias[column + 7u]);
#endif
  store_rows(row, column, lane, rows_0, shift);
  store_rows(row + 4u, column, lane, rows_4, shift);
  store_rows(row + 8u, column, lane, rows_8, shift);
  store_rows(row + 12u, column, lane, rows_12, shift);
  store_rows(row + 16u, column, lane, rows_16, shift);
  store_rows(row + 20u, column, lane, rows_20, shift);
  store_rows(row + 24u, column, lane, rows_24, shift);
  store_rows(row + 28u, column, lane, rows_28, shift);
}
