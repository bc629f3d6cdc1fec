// The tile of a product that four invocations keep in registers: 32 rows that all four share, 8 columns of each. For
// adapters with subgroups of four whose loads cost as much as many multiply-adds: an invocation loads a quarter of the
// rows of A and gets the others from its neighbours.
// A_VECTORS (not TRANSPOSE_A), B_VECTORS, C_VECTORS: rows as they are stored begin and end at multiples of four
// TAIL: K is not a multiple of eight

const ROWS = 32u;
const COLUMNS = 8u; // of an invocation

// Elements that an index into A or B counts as one.
#if A_VECTORS
const A_WIDTH = 4u;
#else
const A_WIDTH = 1u;
#endif
#if B_VECTORS
const B_WIDTH = 4u;
#else
const B_WIDTH = 1u;
#endif

// Four columns, and the four after them, of four rows.
struct Pair {
  near: mat4x4f,
  far: mat4x4f,
}

// Eight steps of k of a row of A: sums that a loop carries along cost as much as two multiply-adds.
struct Row {
  first: vec4f,
  last: vec4f,
}

// Eight steps of k of four columns of B, a column of a matrix each.
struct Block {
  first: mat4x4f,
  last: mat4x4f,
}

// Four neighbours in a row of B as it is stored.
fn b_quad(at: u32) -> vec4f {
#if B_VECTORS
  return b[at];
#else
  return vec4f(b[at], b[at + 1u], b[at + 2u], b[at + 3u]);
#endif
}

// Four steps of k of four columns.
fn b_steps(at: u32, step: u32) -> mat4x4f {
  let steps = mat4x4f(b_quad(at), b_quad(at + step), b_quad(at + 2u * step), b_quad(at + 3u * step));
#if TRANSPOSE_B
  return transpose(steps);
#else
  return steps;
#endif
}

// Zero from K on, whatever lies there; A has numbers there, of its next row or at its end.
fn inside(steps: mat4x4f, k: u32) -> mat4x4f {
#if TAIL
  return mat4x4f(
    select(vec4f(), steps[0], k < dims.k),
    select(vec4f(), steps[1], k + 1u < dims.k),
    select(vec4f(), steps[2], k + 2u < dims.k),
    select(vec4f(), steps[3], k + 3u < dims.k),
  );
#else
  return steps;
#endif
}

// loop_step: from four steps of k to the next four
fn b_block(at: u32, step: u32, loop_step: u32, k: u32) -> Block {
  return Block(inside(b_steps(at, step), k), inside(b_steps(at + loop_step, step), k + 4u));
}

// Four steps of k of a row.
fn a_quad(at: u32, step: u32) -> vec4f {
#if A_VECTORS
  return a[at];
#else
  return vec4f(a[at], a[at + step], a[at + 2u * step], a[at + 3u * step]);
#endif
}

fn a_row(at: u32, step: u32, loop_step: u32) -> Row {
  return Row(a_quad(at, step), a_quad(at + loop_step, step));
}

fn add_four(sum: vec4f, x: vec4f, y: mat4x4f) -> vec4f {
  return fma(y[3], vec4f(x.w), fma(y[2], vec4f(x.z), fma(y[1], vec4f(x.y), fma(y[0], vec4f(x.x), sum))));
}

fn add_steps(sum: vec4f, x: Row, y: Block) -> vec4f {
  return add_four(add_four(sum, x.first, y.first), x.last, y.last);
}

// Of four rows: the invocation's own first, then those of its neighbours.
fn add_rows(sum: ptr<function, Pair>, x: Row, near: Block, far: Block) {
  (*sum).near[0] = add_steps((*sum).near[0], x, near);
  (*sum).far[0] = add_steps((*sum).far[0], x, far);
  let across_x = Row(quadSwapX(x.first), quadSwapX(x.last));
  (*sum).near[1] = add_steps((*sum).near[1], across_x, near);
  (*sum).far[1] = add_steps((*sum).far[1], across_x, far);
  let across_y = Row(quadSwapY(x.first), quadSwapY(x.last));
  (*sum).near[2] = add_steps((*sum).near[2], across_y, near);
  (*sum).far[2] = add_steps((*sum).far[2], across_y, far);
  let across_both = Row(quadSwapDiagonal(x.first), quadSwapDiagonal(x.last));
  (*sum).near[3] = add_steps((*sum).near[3], across_both, near);
  (*sum).far[3] = add_steps((*sum).far[3], across_both, far);
}

// In the order of add_rows.
fn store_rows(row: u32, column: u32, lane: u32, four: Pair) {
  store_eight(row + lane, column, four.near[0], four.far[0]);
  store_eight(row + (lane ^ 1u), column, four.near[1], four.far[1]);
  store_eight(row + (lane ^ 2u), column, four.near[2], four.far[2]);
  store_eight(row + (lane ^ 3u), column, four.near[3], four.far[3]);
}

fn store_eight(row: u32, column: u32, near: vec4f, far: vec4f) {
  store_quad(row, column, near);
  store_quad(row, column + 4u, far);
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * ROWS;
  let column = (group.x * 4u + lane) * COLUMNS;
  let a_first = group.z * dims.a_part;
  let b_first = dims.b_offset + group.z * dims.b_part;
  c_first = dims.c_offset + group.z * dims.c_part;
#if TRANSPOSE_A
  let a_k_step = dims.a_stride;
  let a_loop = 4u * a_k_step;
  let a_rows = 4u; // from a row of op(A) to the fourth after it
  var x = a_first + row + lane;
#else
  let a_k_step = 1u;
  let a_loop = 4u / A_WIDTH;
  let a_rows = 4u * (dims.a_stride / A_WIDTH);
  var x = a_first / A_WIDTH + (row + lane) * (dims.a_stride / A_WIDTH);
#endif
#if TRANSPOSE_B
  let b_step = dims.k / B_WIDTH; // from a row of B as it is stored to the next
  let b_loop = 4u / B_WIDTH;
  let far_columns = 4u * b_step;
  var y = b_first / B_WIDTH + column * b_step;
#else
  let b_step = dims.n / B_WIDTH;
  let b_loop = 4u * b_step;
  let far_columns = 4u / B_WIDTH;
  var y = (b_first + column) / B_WIDTH;
#endif
  var rows_0: Pair;
  var rows_4: Pair;
  var rows_8: Pair;
  var rows_12: Pair;
  var rows_16: Pair;
  var rows_20: Pair;
  var rows_24: Pair;
  var rows_28: Pair;
  for (var k = 0u; k < dims.k; k += 8u) {
    let near = b_block(y, b_step, b_loop, k);
    let far = b_block(y + far_columns, b_step, b_loop, k);
    add_rows(&rows_0, a_row(x, a_k_step, a_loop), near, far);
    add_rows(&rows_4, a_row(x + a_rows, a_k_step, a_loop), near, far);
    add_rows(&rows_8, a_row(x + 2u * a_rows, a_k_step, a_loop), near, far);
    add_rows(&rows_12, a_row(x + 3u * a_rows, a_k_step, a_loop), near, far);
    add_rows(&rows_16, a_row(x + 4u * a_rows, a_k_step, a_loop), near, far);
    add_rows(&rows_20, a_row(x + 5u * a_rows, a_k_step, a_loop), near, far);
    add_rows(&rows_24, a_row(x + 6u * a_rows, a_k_step, a_loop), near, far);
    add_rows(&rows_28, a_row(x + 7u * a_rows, a_k_step, a_loop), near, far);
    x += 2u * a_loop;
    y += 2u * b_loop;
  }
  // Stored by a loop: written out, the stores would take as long to compile as all the rest.
  var tile = array<Pair, ROWS / 4u>(rows_0, rows_4, rows_8, rows_12, rows_16, rows_20, rows_24, rows_28);
  for (var i = 0u; i < ROWS / 4u; i++) {
    store_rows(row + 4u * i, column, lane, tile[i]);
  }
}
