// What the maths of a cell gives to the machines: the results of its functions
//   cell_forward(x: Gates, r: Gates, previous: State) -> Forward
//   cell_backward(saved: Gates, previous: State, state: State, dstate: State) -> Backward
//   SPLIT: cell_backward(saved, previous, state, dstate, r: Gates)

struct Forward {
  state: State,
  saved: Gates,
}

struct Backward {
  dgates: Gates, // with respect to x, and to r unless SPLIT
#if SPLIT
  dr: Gates, // with respect to r
#endif
  dprevious: State, // its part that does not pass through r
}
