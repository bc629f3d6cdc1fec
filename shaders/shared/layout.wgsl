// Where the tensors of a recurrent layer lie. A bidirectional layer has a part of every tensor for each direction, and
// the workgroups of one dispatch are shared between them. Time is indexed by t = 0 to T-1; a direction takes its steps
// in its own order, `step`.
// WAVEFRONT: the parts are layers instead, one on the other, in one direction; each runs a step behind the one below.
//   gates [T, B, G*H]: x = W·x + b_ih, then what the cell saves, then the gradients of the pre-activations;
//     behind it, where they are needed:
//     r [T, B, G*H] of the first stage: r, or without gain and shift if LAYER_NORM, then the gradients of R·operand
//     mid [T, B, H]: the operand of the second stage
//     second [T, B, OUT]: what the second stage saves, then the gradients of its product
//     operand [T, B, OUT]: h as recurrent dropout lets it through to R
//     deviation [T, B]: 1 / standard deviation of a row of products if LAYER_NORM, for each stage
//   states: h [T+1, B, OUT], c [T+1, B, H]; a step goes from row_before to row_after
//   state, dstate: h [B, OUT], c [B, H]

struct Dims {
  batch: u32, // B
  time: u32, // T
  begin: u32, // steps begin to end - 1
  end: u32,
  // from one direction's part to the next
  recurrent_part: u32, // in Gates
  second_part: u32,
  gates_part: u32,
  states_part: u32,
  state_part: u32,
  dh_part: u32,
  masks_part: u32,
  tail_part: u32,
  // within a part
  r: u32,
  mid: u32,
  second: u32,
  operand: u32,
  deviation: u32,
  h_rows: u32,
  c_rows: u32,
  zoneout_c: u32, // masks of c; those of h are first
  drop: u32, // masks of the operand
  drop_step: u32, // from one time to the next, 0 if all have the same
  // behind both parts of dstate: [B, ...] for each direction
  tail: u32,
  carry: u32, // H: what the second stage leaves to the first on the way back
  dmid: u32, // H
  dpeepholes: u32, // PEEPHOLES*H
  dgain: u32, // ALL_GATES*H
  dshift: u32, // G*H: gradient of b_hh
  ddiagonal: u32, // G*H
  share: f32, // of the new state that a step takes where zoneout is not drawn
  carried: u32, // the first part's states in state and dstate, where other layers have theirs
  layers: u32, // if WAVEFRONT
}

const HIDDEN = 64u; // H
const OUT = 64u; // units of h: H, or P with a projection, or O of a Jordan network
const STATES = 2u; // S, 1 or 2
const DIRECTION = 0u; // of the first part; 1 if reverse
#if RESETS
const ALL_GATES = GATES + 1u; // with that of the second stage
#else
const ALL_GATES = GATES;
#endif

alias State = vec2f; // the output h, and what a cell of two states keeps besides

var<private> part: u32;
var<private> direction: u32; // 0 forward, 1 reverse

fn begin_part(group: u32) {
  part = group;
#if WAVEFRONT
  direction = DIRECTION;
#else
  direction = DIRECTION + group;
#endif
}

fn time_of(step: u32) -> u32 {
  return select(step, dims.time - 1u - step, direction == 1u);
}

fn row_before(t: u32) -> u32 {
  return t + direction;
}

fn row_after(t: u32) -> u32 {
  return t + 1u - direction;
}

fn h_index(state_row: u32, row: u32) -> u32 {
  return part * dims.states_part + dims.h_rows + (state_row * dims.batch + row) * OUT;
}

fn c_index(state_row: u32, row: u32) -> u32 {
  return part * dims.states_part + dims.c_rows + (state_row * dims.batch + row) * HIDDEN;
}

fn gates_index(t: u32, row: u32, unit: u32) -> u32 {
  return part * dims.gates_part + (t * dims.batch + row) * ALL_GATES * HIDDEN + unit;
}

fn r_index(t: u32, row: u32, unit: u32) -> u32 {
  return part * dims.gates_part + dims.r + (t * dims.batch + row) * GATES * HIDDEN + unit;
}

fn mid_index(t: u32, row: u32) -> u32 {
  return part * dims.gates_part + dims.mid + (t * dims.batch + row) * HIDDEN;
}

fn second_index(t: u32, row: u32) -> u32 {
  return part * dims.gates_part + dims.second + (t * dims.batch + row) * OUT;
}

fn operand_index(t: u32, row: u32) -> u32 {
  return part * dims.gates_part + dims.operand + (t * dims.batch + row) * OUT;
}

// Of stage 0 or 1.
fn deviation_index(stage: u32, t: u32, row: u32) -> u32 {
  return part * dims.gates_part + dims.deviation + (stage * dims.time + t) * dims.batch + row;
}

// h of one row in state and dstate.
fn carried_h(row: u32) -> u32 {
  return dims.carried + part * dims.state_part + row * OUT;
}

fn carried_c(row: u32) -> u32 {
  return dims.carried + part * dims.state_part + dims.batch * OUT + row * HIDDEN;
}
