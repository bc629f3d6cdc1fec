// out[n, c] = x[n mod x_rows, c]: rows from one place to another, each with its own first element and distance of rows
//   x: row r begins at dims.x_offset + r*x_stride; out: row n at dims.out_offset + n*out_stride
// INDEXED: the row of x is index[n] instead. ACCUMULATE adds to out.

struct Dims {
  rows: u32, // N
  columns: u32, // C
  x_offset: u32,
  x_stride: u32,
  x_rows: u32, // after which x begins again
  out_offset: u32,
  out_stride: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
#if INDEXED
@group(0) @binding(2) var<storage, read> index: array<u32>; // [N]
#endif
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.rows * dims.columns; i += groups.x * LANES) {
    let row = i / dims.columns;
    let column = i % dims.columns;
#if INDEXED
    let source = index[row];
#else
    let source = row % dims.x_rows;
#endif
    let value = x[dims.x_offset + source * dims.x_stride + column];
    let at = dims.out_offset + row * dims.out_stride + column;
#if ACCUMULATE
    out[at] += value;
#else
    out[at] = value;
#endif
  }
}
