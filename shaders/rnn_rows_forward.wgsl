// What rnn_step_forward leaves out if RAW: one stage of one step from its products on, for layers that normalise them.
// A workgroup owns four batch rows and all units. Workgroups: [quads of rows, 1, directions]. See shared/layout.
// SECOND: the second stage, else the first.
#import shared/layout
#import shared/tile
#import shared/forward_bindings
#import shared/advance
#import shared/normalise
#if TWO_STAGES
#import shared/finish
#endif

fn load_products(t: u32, rows: vec4u, units: vec4u) -> GatesTile {
  var tile = GatesTile();
  for (var i = 0u; i < UNITS; i++) {
    for (var row = 0u; row < ROWS; row++) {
      tile[i][row] = load_gates(r_index(t, rows[row], units[i]));
    }
  }
  return tile;
}

#if SECOND
fn load_second_products(t: u32, rows: vec4u, units: vec4u) -> Tile {
  var tile = Tile();
  for (var i = 0u; i < UNITS; i++) {
    for (var row = 0u; row < ROWS; row++) {
      tile[i][row] = gates[second_index(t, rows[row]) + units[i]];
    }
  }
  return tile;
}
#endif

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  begin_part(group.z);
  let first_row = group.x * ROWS;
  let t = time_of(dims.begin);
#if SECOND
  let products = load_second_products(t, tile_rows(first_row), tile_units(lane, OUT));
  var sums = normalise_second(dims.begin, first_row, lane, products);
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < OUT) {
      finish_quad(dims.begin, first_row, unit, sums[i]);
    }
  }
#else
  let products = load_products(t, tile_rows(first_row), tile_units(lane, HIDDEN));
  var sums = normalise(dims.begin, first_row, lane, products);
  for (var i = 0u; i < UNITS; i++) {
    let unit = lane + i * LANES;
    if (unit < HIDDEN) {
      advance_quad(dims.begin, first_row, unit, sums[i]);
    }
  }
#endif
}
