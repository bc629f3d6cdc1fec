// The gates of a recurrent layer: gates [T, B, G*H], gate g of unit u at g*H + u. On the way forward each step's
// x = W·x + b_ih gives way to what the cell saves, on the way back that to the gradients of the pre-activations.
// SPLIT: the gradients for x and for r = R·h + b_hh differ, so r has a place of its own, dims.r_gates elements on:
// r itself on the way forward, its gradients on the way back. Else dims.r_gates is 0.

fn gates_index(t: u32, row: u32, unit: u32) -> u32 {
  return (t * dims.batch + row) * GATES * HIDDEN + unit;
}
