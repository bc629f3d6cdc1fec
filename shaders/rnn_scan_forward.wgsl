// The recurrence over a chunk of time in one dispatch. A workgroup owns four batch rows, or ROW_QUADS times as many, and
// all units, so that no other workgroup waits for its h: the recurrent weights stream past once a step, and a step costs
// one barrier; a second stage, or layer normalisation, costs more. SPLIT_K: see shared/split_k_scan_forward. Workgroups:
// [tiles of rows, 1, directions]. See shared/layout.
#if QUADS
enable subgroups;
#endif
#import shared/layout
#import shared/tile
#import shared/forward_bindings
#import shared/advance
#if SPLIT_K
#import shared/split_k_scan_forward
#else
#import shared/forward_tile
#if LAYER_NORM
#import shared/normalise
#endif
#if TWO_STAGES
#import shared/second_forward_tile
#import shared/finish
#import shared/second_scan_forward
#endif

// The operand of a step that does not begin a sequence, where it is wanted in workgroup memory.
fn resume_quad(step: u32, first_row: u32, unit: u32) -> vec4f {
  return load_operand_quad(operand_base(time_of(step)) + tile_rows(first_row) * OUT + unit);
}

fn begin(first_row: u32, lane: u32) {
  for (var unit = lane; unit < max(HIDDEN, OUT); unit += LANES) {
    var operand = vec4f();
    if (dims.begin == 0u) {
      operand = begin_quad(first_row, unit);
    } else {
      operand = resume_quad(dims.begin, first_row, unit);
    }
#if STAGED
    if (unit < OUT) {
      sh_operand[(dims.begin % 2u) * OUT + unit] = operand;
    }
#endif
  }
}

#if QUADS
#else
// The first stage of a step.
fn advance_tile(step: u32, first_row: u32, lane: u32, products: GatesTile) {
#if LAYER_NORM
  var sums = normalise(step, first_row, lane, products);
#else
  var sums = products;
#endif
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < HIDDEN) {
      let operand = advance_quad(step, first_row, unit, sums[i]);
#if STAGED
      sh_operand[((step + 1u) % 2u) * OUT + unit] = operand;
#endif
    }
  }
}
#endif

fn take_steps(first_row: u32, lane: u32) {
  let end_row = first_row + ROWS * ROW_QUADS;
  for (var row = first_row; row < end_row; row += ROWS) {
    begin(row, lane);
  }
  for (var step = dims.begin; step < dims.end; step++) {
#if STAGED
    workgroupBarrier();
#else
    storageBarrier();
#endif
#if QUADS
    for (var i = 0u; i < UNITS; i += 2u) {
      advance_units(step, first_row, lane + i * LANES, lane);
    }
#else
    for (var row = first_row; row < end_row; row += ROWS) {
      advance_tile(step, row, lane, recurrent_sums(step, tile_rows(row), tile_units(lane, HIDDEN)));
    }
#endif
#if TWO_STAGES
    storageBarrier();
    for (var row = first_row; row < end_row; row += ROWS) {
      finish_tile(step, row, lane);
    }
#endif
  }
}
#endif

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  begin_part(group.z);
  take_steps(group.x * ROWS * ROW_QUADS, lane);
}
