// Puts the outputs of the directions of a recurrent layer together and leaves out what the mask leaves out.
//   states: outputs of step t, row b begin at dims.forward + (t*B + b)*W, those of the second direction at dims.reverse
//   out [T, B, W], or [T, B, 2W] if CONCAT
// BOTH: two directions, put together by CONCAT, SUM, MEAN or MULTIPLY; else one, at dims.forward.
// LAST: only each direction's final output: out [1, B, ...].
// MASKED: rows and steps that the mask leaves out give 0.

struct Dims {
  rows: u32, // rows of out: T*B, or B if LAST
  width: u32, // W
  forward: u32, // first element of what out begins with
  reverse: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> states: array<f32>;
#if MASKED
@group(0) @binding(2) var<storage, read> mask: array<f32>; // [T, B]
#endif
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < dims.rows * dims.width; i += groups.x * LANES) {
    let row = i / dims.width;
    var share = 1.0;
#if MASKED
    share = mask[row];
#endif
    let forward = states[dims.forward + i];
#if BOTH
    let reverse = states[dims.reverse + i];
#if CONCAT
    let at = i + row * dims.width;
    out[at] = share * forward;
    out[at + dims.width] = share * reverse;
#endif
#if SUM
    out[i] = share * (forward + reverse);
#endif
#if MEAN
    out[i] = share * (0.5 * (forward + reverse));
#endif
#if MULTIPLY
    out[i] = share * (forward * reverse);
#endif
#else
    out[i] = share * forward;
#endif
  }
}
