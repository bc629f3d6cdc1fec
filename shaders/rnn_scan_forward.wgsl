// The recurrence over a chunk of time in one dispatch. A workgroup owns four batch rows and all H units, so that no
// other workgroup waits for its h: the recurrent weights stream past once a step, and a step costs one barrier.
//   gates [T, B, G*H]: W·x + b_ih -> what the cell saves
//   states: row 0 = state, rows 1 to T written; a chunk that does not begin at 0 goes on from row t_begin
//   state [S, B, H]: the state before step 0 -> after step T-1
#import shared/forward_tile
#import shared/advance

struct Dims {
  batch: u32, // B
  time: u32, // T
  t_begin: u32, // the chunk: steps t_begin to t_end - 1
  t_end: u32,
  lead: u32, // elements before row 0 in a plane of the states
  plane: u32, // elements of a plane of the states
  r_gates: u32, // see shared/gates
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> recurrent: array<Gates>; // [H+1, H]
@group(0) @binding(2) var<storage, read_write> gates: array<f32>; // [T, B, G*H], twice if SPLIT
@group(0) @binding(3) var<storage, read_write> states: array<f32>; // [S, lead + (T+1)*B*H]
@group(0) @binding(4) var<storage, read_write> state: array<f32>; // [S, B, H]

// h of one unit of the quad at the start of the chunk; 0 in rows beyond the batch.
fn begin_quad(first_row: u32, unit: u32) -> vec4f {
  var h = vec4f();
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      let element = (first_row + i) * HIDDEN + unit;
      if (dims.t_begin == 0u) {
        store_state(0u, element, load_carried(element));
      }
      h[i] = states[state_index(dims.t_begin, element)];
    }
  }
  return h;
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let first_row = group.x * ROWS;
  let rows = tile_rows(first_row);
  let units = tile_units(lane);
  for (var unit = lane; unit < HIDDEN; unit += LANES) {
    let h = begin_quad(first_row, unit);
#if STAGED
    sh_h[(dims.t_begin % 2u) * HIDDEN + unit] = h;
#endif
  }
  for (var t = dims.t_begin; t < dims.t_end; t++) {
#if STAGED
    workgroupBarrier();
#else
    storageBarrier();
#endif
    var sums = recurrent_sums(t, rows, units);
    for (var i = 0u; i < UNITS; i++) {
      let unit = lane + i * LANES;
      if (unit < HIDDEN) {
        let h = advance_quad(t, first_row, unit, sums[i]);
#if STAGED
        sh_h[((t + 1u) % 2u) * HIDDEN + unit] = h;
#endif
      }
    }
  }
}
