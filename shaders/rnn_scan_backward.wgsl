// The mirror of rnn_scan_forward: a chunk of time from its last step to its first in one dispatch. A workgroup owns four
// batch rows, or ROW_QUADS times as many, and all units. SPLIT_K: see shared/split_k_scan_backward. Workgroups: [tiles of
// rows, 1, directions]. See shared/layout.
#if QUADS
enable subgroups;
#endif
#import shared/layout
#import shared/tile
#import shared/backward_bindings
#import shared/retreat
#if SPLIT_K
#import shared/split_k_scan_backward
#else
#import shared/backward_tile
#if LAYER_NORM
#import shared/denormalise
#endif
#if TWO_STAGES
#import shared/second_backward_tile
#import shared/unfinish
#import shared/second_scan_backward
#endif

// To the gradients of R·operand.
fn first_stage(step: u32, first_row: u32, lane: u32, dmid: Tile) {
  var tile = GatesTile();
  var sums = dmid;
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < HIDDEN) {
      tile[i] = retreat_quad(step, first_row, unit, sums[i]);
    }
  }
#if LAYER_NORM
  tile = denormalise(step, first_row, lane, tile);
#endif
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < HIDDEN) {
#if DIAGONAL
      add_diagonal_to_tail(step, first_row, unit, tile[i]);
#endif
#if STAGED
      sh_dr[unit] = tile[i];
#endif
    }
  }
}

fn add_tile(step: u32, first_row: u32, lane: u32, through: Tile) {
  var sums = through;
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < OUT) {
      add_dh_quad(step, first_row, unit, sums[i]);
    }
  }
}

fn take_steps(first_row: u32, lane: u32) {
  let end_row = first_row + ROWS * ROW_QUADS;
  let units = tile_units(lane, OUT);
  for (var after = dims.end; after > dims.begin; after--) {
    let step = after - 1u;
    for (var row = first_row; row < end_row; row += ROWS) {
      var dmid = Tile();
#if TWO_STAGES
      dmid = second_stage(step, row, lane);
#endif
      first_stage(step, row, lane, dmid);
    }
#if STAGED
    workgroupBarrier();
#else
    storageBarrier();
#endif
#if QUADS
    let sums = recurrent_gradients(step, first_row, units, lane);
    add_tile(step, first_row, lane, sums[0]);
    if (ROW_QUADS > 1u) {
      add_tile(step, first_row + ROWS, lane, sums[1]);
    }
    if (ROW_QUADS > 2u) {
      add_tile(step, first_row + 2u * ROWS, lane, sums[2]);
    }
    if (ROW_QUADS > 3u) {
      add_tile(step, first_row + 3u * ROWS, lane, sums[3]);
    }
#else
    add_tile(step, first_row, lane, recurrent_gradients(step, tile_rows(first_row), units));
#endif
#if STAGED
    workgroupBarrier();
#endif
  }
}
#endif

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  begin_part(group.z);
  take_steps(group.x * ROWS * ROW_QUADS, lane);
}
