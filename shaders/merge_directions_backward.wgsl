// The way back through merge_directions: the gradients of the outputs of each direction.
//   dout [T, B, W], or [T, B, 2W] if CONCAT; [1, B, ...] if LAST
//   dh [T, B, W] of the first direction, and dims.part elements on that of the second
// Flags as there; LAST: all steps but each direction's last get 0.

struct Dims {
  rows: u32, // T*B
  width: u32, // W
  forward: u32, // first element of each direction's outputs in states, MULTIPLY
  reverse: u32,
  part: u32, // from one direction's dh to the next
  out_rows: u32, // rows of dout: T*B, or B if LAST
  forward_row: u32, // row of dh that row 0 of dout belongs to
  reverse_row: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> dout: array<f32>;
#if MULTIPLY
@group(0) @binding(2) var<storage, read> states: array<f32>;
#endif
#if MASKED
@group(0) @binding(3) var<storage, read> mask: array<f32>; // [T, B]
#endif
@group(0) @binding(4) var<storage, read_write> dh: array<f32>;

const LANES = 64u;
#if CONCAT
const PARTS = 2u; // widths in a row of dout
#else
const PARTS = 1u;
#endif

// The gradient of one element of one direction's outputs.
// other: where the outputs of the other direction begin
fn gradient(row: u32, unit: u32, first_row: u32, side: u32, other: u32) -> f32 {
  let out_row = row - first_row; // wraps below the first
  if (out_row >= dims.out_rows) {
    return 0.0;
  }
  var value = dout[out_row * PARTS * dims.width + side * dims.width + unit];
#if MEAN
  value *= 0.5;
#endif
#if MASKED
  value *= mask[row];
#endif
#if MULTIPLY
  value *= states[other + out_row * dims.width + unit];
#endif
  return value;
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.rows * dims.width; i += groups.x * LANES) {
    let row = i / dims.width;
    let unit = i % dims.width;
    dh[i] = gradient(row, unit, dims.forward_row, 0u, dims.reverse);
#if BOTH
    dh[dims.part + i] = gradient(row, unit, dims.reverse_row, PARTS - 1u, dims.forward);
#endif
  }
}
