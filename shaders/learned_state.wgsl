// Rows that start anew start from a learned state; the others go on from the state that they carry.
//   carried [B] within state, from dims.carried: 0 starts anew, 1 goes on -> 1
//   state [B, W], from dims.first: learned [W] in the rows that start anew
//   started [B]: 1 where a row starts anew
// One workgroup.

struct Dims {
  batch: u32, // B
  width: u32, // W
  first: u32, // first element of this state, and of the flags, within `state`
  carried: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> learned: array<f32>; // [W]
@group(0) @binding(2) var<storage, read_write> state: array<f32>;
@group(0) @binding(3) var<storage, read_write> started: array<f32>; // [B]

const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var i = lane; i < dims.batch * dims.width; i += LANES) {
    if (state[dims.carried + i / dims.width] == 0.0) {
      state[dims.first + i] = learned[i % dims.width];
    }
  }
  storageBarrier();
  for (var row = lane; row < dims.batch; row += LANES) {
    started[row] = 1.0 - state[dims.carried + row];
    state[dims.carried + row] = 1.0;
  }
}
