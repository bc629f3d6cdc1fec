// What rnn_step_backward leaves out if RAW: one stage of one step back, for layers that normalise their products. A
// workgroup owns four batch rows and all units. Workgroups: [quads of rows, 1, directions]. See shared/layout.
// SECOND: the second stage, else the first.
#import shared/layout
#import shared/tile
#import shared/backward_bindings
#import shared/retreat
#import shared/denormalise
#if TWO_STAGES
#import shared/unfinish
#endif

// What came through the second product to one unit of the quad.
fn load_dmid(first_row: u32, unit: u32) -> vec4f {
  var dmid = vec4f();
#if TWO_STAGES
  for (var i = 0u; i < ROWS; i++) {
    if (first_row + i < dims.batch) {
      dmid[i] = dstate[tail_index(dims.dmid, first_row + i, HIDDEN, unit)];
    }
  }
#endif
  return dmid;
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  begin_part(group.z);
  let first_row = group.x * ROWS;
#if SECOND
  var dq = Tile();
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < OUT) {
      dq[i] = unfinish_quad(dims.begin, first_row, unit);
    }
  }
  denormalise_second(dims.begin, first_row, lane, dq);
#else
  var tile = GatesTile();
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < HIDDEN) {
      tile[i] = retreat_quad(dims.begin, first_row, unit, load_dmid(first_row, unit));
    }
  }
  tile = denormalise(dims.begin, first_row, lane, tile);
#if DIAGONAL
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < HIDDEN) {
      add_diagonal_to_tail(dims.begin, first_row, unit, tile[i]);
    }
  }
#endif
#endif
}
