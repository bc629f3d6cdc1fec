// What the backward pass keeps for each batch row behind the gradients of the states: sums over time of the gradients of
// per-unit parameters, and what one stage leaves to the other.

fn tail_index(first: u32, row: u32, width: u32, unit: u32) -> u32 {
  return dims.tail + part * dims.tail_part + first + row * width + unit;
}

fn add_to_tail(first: u32, row: u32, all_gates: u32, unit: u32, value: Gates) {
  let at = tail_index(first, row, all_gates * HIDDEN, unit);
  for (var gate = 0u; gate < GATES; gate++) {
    dstate[at + gate * HIDDEN] += gate_of(value, gate);
  }
}

#if PEEPHOLES
#import shared/peephole_tail
#endif
#if DIAGONAL
#import shared/diagonal_tail
#endif
