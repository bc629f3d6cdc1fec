// The initial states become the states before the first step: where the step machine starts.
// Workgroups: [strides over units and quads, 1, directions].
#import shared/layout
#import shared/tile
#import shared/forward_bindings
#import shared/advance

const WIDTH = 64u; // of the wider state

@compute @workgroup_size(LANES)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  begin_part(id.z);
  let quads = (dims.batch + ROWS - 1u) / ROWS;
  for (var i = id.x; i < quads * WIDTH; i += groups.x * LANES) {
    begin_quad(i / WIDTH * ROWS, i % WIDTH);
  }
}
