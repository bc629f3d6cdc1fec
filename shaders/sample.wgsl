// Draws a token for each row from softmax(logits / temperature) and appends it to the row's ring of tokens
//   logits [B, V], tokens [B, capacity], cursor [B] -> next [B]; one workgroup a row
// cursor is the position, counted without wrapping, of the token that gave the logits. It moves on by one; the token
// drawn is stored there, unless that position lies before prompt_end: the host has put a token there, and it stays.
// next is the token at the new position, to be read by the next step.
//
// Tokens rank by logit, equal logits by lowest id. Temperature comes first, then the top_k best are kept (0 or at
// least V: all), then the best whose probabilities, renormalised, reach top_p, the one that crosses it included
// (1: all). Temperature 0 takes the best. The draw depends on (seed, row, position) alone.
// A NaN logit ranks last and is never drawn; infinite ones count as the largest finite numbers. A row with nothing but
// NaN gives token 0.
//
// BY_RADIX finds where to cut in passes over the digits of the logits, for any V; without it each token is compared
// with every other, for V up to 256.

#import shared/order
#import shared/random

struct Dims {
  vocabulary: u32, // V
  capacity: u32,
  prompt_end: u32,
  seed: u32,
  temperature: f32,
  top_k: u32,
  top_p: f32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>; // [B, V]
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>; // [B, capacity]
@group(0) @binding(3) var<storage, read_write> cursor: array<u32>; // [B]
@group(0) @binding(4) var<storage, read_write> next: array<u32>; // [B]

#if BY_RADIX
const LANES = 128u;
#else
const LANES = 32u;
#endif
const HIGHEST = 0x1.fffffep+127; // the largest finite float32
const LAST = vec2u(0u, 0xffffffffu); // the place behind all others
const ANY_KEY = vec2u(0u, 0xffffffffu);

var<private> row_start: u32; // of the row in logits
var<private> top: f32; // the row's best logit
var<private> cut: vec2u; // place of the last token kept so far

var<workgroup> sh_uniform: f32;
var<workgroup> sh_place: array<vec2u, LANES>;
var<workgroup> sh_total: array<f32, LANES>;
var<workgroup> sh_block: array<f32, LANES>;
var<workgroup> sh_located: u32;

// Where a token stands: (key, id).
fn place_of(id: u32) -> vec2u {
  return vec2u(order_key(logits[row_start + id]), id);
}

fn finite(logit: f32) -> f32 {
  return clamp(logit, -HIGHEST, HIGHEST);
}

// What a token counts for among those kept with a key from keys.x to keys.y: 1, or its probability times a constant.
fn measure(id: u32, by_weight: bool, keys: vec2u) -> f32 {
  let place = place_of(id);
  if (precedes(cut, place) || place.x < keys.x || place.x > keys.y) {
    return 0.0;
  }
  if (!by_weight) {
    return 1.0;
  }
  let below = max(finite(logits[row_start + id]) - top, -200.0 * dims.temperature); // exp(-200) is 0
  return select(0.0, exp(below / dims.temperature), place.x > 0u);
}

fn best_place(lane: u32) -> vec2u {
  var best = LAST;
  for (var id = lane; id < dims.vocabulary; id += LANES) {
    let place = place_of(id);
    if (precedes(place, best)) {
      best = place;
    }
  }
  sh_place[lane] = best;
  workgroupBarrier();
  for (var i = 0u; i < LANES; i++) {
    if (precedes(sh_place[i], best)) {
      best = sh_place[i];
    }
  }
  return best;
}

// The weights of all tokens kept, added.
fn total_weight(lane: u32) -> f32 {
  var part = 0.0;
  for (var id = lane; id < dims.vocabulary; id += LANES) {
    part += measure(id, true, ANY_KEY);
  }
  sh_total[lane] = part;
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < LANES; i++) {
    total += sh_total[i];
  }
  return total;
}

// The first token, by id, at which the running sum of measures reaches `goal`; the last that counts if none does, for
// the goal comes from a sum in another order; 0 if no token counts.
fn locate(lane: u32, goal: f32, by_weight: bool, keys: vec2u) -> u32 {
  let length = (dims.vocabulary + LANES - 1u) / LANES;
  let first = lane * length;
  let end = min(first + length, dims.vocabulary);
  var part = 0.0;
  for (var id = first; id < end; id++) {
    part += measure(id, by_weight, keys);
  }
  sh_block[lane] = part;
  workgroupBarrier();
  var owner = 0u;
  var running = 0.0;
  var before = 0.0;
  for (var i = 0u; i < LANES; i++) {
    if (sh_block[i] > 0.0 && running < goal) {
      owner = i;
      before = running;
    }
    running += sh_block[i];
  }
  if (lane == owner) {
    var located = 0u;
    running = before;
    for (var id = first; id < end; id++) {
      let size = measure(id, by_weight, keys);
      if (size > 0.0 && running < goal) {
        located = id;
      }
      running += size;
    }
    sh_located = located;
  }
  workgroupBarrier();
  return sh_located;
}

#if BY_RADIX
#import shared/cut_by_radix
#else
#import shared/cut_by_rank
#endif

fn append(row: u32, token: u32) {
  let position = cursor[row] + 1u;
  let slot = row * dims.capacity + position % dims.capacity;
  if (position >= dims.prompt_end) {
    tokens[slot] = token;
  }
  next[row] = tokens[slot];
  cursor[row] = position;
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let row = group.x;
  row_start = row * dims.vocabulary;
  cut = LAST;
  if (lane == 0u) {
    sh_uniform = uniform_from(threefry(vec2u(dims.seed, row), vec2u(cursor[row], 0u)).x);
  }
  var token = best_place(lane).y;
  if (dims.temperature > 0.0) {
    top = finite(logits[row_start + token]);
    if (dims.top_k > 0u && dims.top_k < dims.vocabulary) {
      cut = cut_at(lane, f32(dims.top_k), false);
    }
    if (dims.top_p < 1.0) {
      cut = cut_at(lane, dims.top_p * total_weight(lane), true);
    }
    token = locate(lane, (1.0 - sh_uniform) * total_weight(lane), true, ANY_KEY);
  }
  if (lane == 0u) {
    append(row, token);
  }
}
