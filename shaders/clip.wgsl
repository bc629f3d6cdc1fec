// Ends the backward pass of a training step: the gradient norm, the factor that clips it, the learning rate's factor,
// whether the update is refused, and what counts steps. One workgroup.
//   partials [P, 2] of sum_squares, control, counters, losses, rates: see shared/control
// Of every `accumulate` steps the last updates, with the mean of all their gradients; the others only count.
// The factor is PyTorch's (torch.nn.utils.clip_grad_norm_): min(1, max_norm / (norm + 1e-6)); max_norm 0 clips nothing.
// After it no element is larger than max_value (clip_grad_value_); 0 bounds none.
// An update with a loss or a norm that is not finite is refused: it advances neither the corrections nor the schedule.
// Where its losses are finite and only the norm is not, the history gets NaN for its step, so that it tells every refusal.

#import shared/control
#import shared/finite
#import shared/huge
#import shared/reduce

struct Dims {
  partials: u32, // P
  accumulate: u32,
  max_norm: f32,
  max_value: f32,
  beta1: f32,
  beta2: f32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> partials: array<vec2f>; // [P]
@group(0) @binding(2) var<storage, read_write> control: array<f32>;
@group(0) @binding(3) var<storage, read_write> counters: array<u32>;
@group(0) @binding(4) var<storage, read_write> losses: array<f32>; // [HISTORY]
#if SCHEDULE
@group(0) @binding(5) var<storage, read> rates: array<f32>; // [RING]
#endif

const LANES = 64u;
const SMALLEST = 0x1p-126; // the smallest normal float32: an applied step's factor must not be 0
const LARGEST = 0x1.fffffep127;

// The root of a sum of squares given in two parts. Roots are joined, not squares: 2^-160 is no float32, and a compiler may
// make one factor of two.
fn root(squares: f32, shrunk_squares: f32) -> f32 {
  let ordinary = sqrt(squares);
  if (shrunk_squares == 0.0) {
    return ordinary;
  }
  let huge = sqrt(shrunk_squares) / SHRINK;
  let share = ordinary / huge;
  return huge * sqrt(1.0 + share * share);
}

fn clipping_factor(norm: f32) -> f32 {
  if (dims.max_norm == 0.0) {
    return 1.0;
  }
  return min(1.0, dims.max_norm / (norm + 1e-6));
}

fn rate_factor() -> f32 {
  let factor = select(control[FACTOR], 1.0, control[FACTOR] == 0.0);
#if SCHEDULE
  return factor * rates[counters[APPLIED] % RING];
#else
  return factor;
#endif
}

// 1 - beta^(t + 1) from 1 - beta^t, without the cancellation that the power would bring
fn next_correction(correction: f32, beta: f32) -> f32 {
  return correction * beta + (1.0 - beta);
}

fn update(norm: f32, place: u32) {
  control[NORM] = norm;
  if (is_finite(norm) && counters[SPOILT] == 0u) {
    control[SCALE] = max(SMALLEST, clipping_factor(norm) / f32(dims.accumulate));
    control[LIMIT] = select(dims.max_value, LARGEST, dims.max_value == 0.0);
    control[RATE] = rate_factor();
    control[CORRECTION1] = next_correction(control[CORRECTION1], dims.beta1);
    control[CORRECTION2] = next_correction(control[CORRECTION2], dims.beta2);
    counters[APPLIED] += 1u;
  } else {
    counters[REFUSED] += 1u;
    if (counters[SPOILT] == 0u) {
      losses[place] = bitcast<f32>(bitcast<u32>(norm) | QUIET_NAN);
    }
  }
  counters[SPOILT] = 0u;
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var part = vec2f();
  for (var i = lane; i < dims.partials; i += LANES) {
    part += partials[i];
  }
  let squares = workgroup_sum(lane, part.x);
  workgroupBarrier();
  let norm = root(squares, workgroup_sum(lane, part.y));
  if (lane == 0u) {
    let loss = control[LOSS];
    let place = counters[STEP] % HISTORY;
    losses[place] = loss;
    counters[STEP] += 1u;
    if (!is_finite(loss)) {
      counters[SPOILT] += 1u;
    }
    control[SCALE] = 0.0;
    if (counters[STEP] % dims.accumulate == 0u) {
      update(norm / f32(dims.accumulate), place);
    }
  }
}
