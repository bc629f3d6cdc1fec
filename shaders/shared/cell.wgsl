// What the machines give to the maths of a cell, and what it gives back:
//   cell_forward(in: Step) -> Forward, cell_backward(in: Back) -> Backward
// A cell of two stages also has, per unit of the second product,
//   second_forward(in: SecondStep) -> SecondForward, second_backward(in: SecondBack) -> SecondBackward
// RESETS: the second stage belongs to the unit and has a gate of its own, the last; it makes h.
// PROJECTS: the second stage makes the units of h from the h of cell_forward.

struct Step {
  x: Gates, // W·x + b_ih
  r: Gates, // R·h + b_hh
  previous: State, // h is 0 if PROJECTS
  peepholes: vec3f,
}

struct Forward {
  state: State,
  saved: Gates,
#if RESETS
  mid: f32, // operand of the second product
#endif
}

struct Back {
  saved: Gates,
  r: Gates, // 0 unless SPLIT
  previous: State,
  dstate: State, // of the states after the step; RESETS: h stands for what second_backward left as carry
  dmid: f32, // 0 unless RESETS
  peepholes: vec3f,
}

struct Backward {
  dgates: Gates, // with respect to x, and to r unless SPLIT
#if SPLIT
  dr: Gates, // with respect to r
#endif
#if PEEPHOLES
  dpeepholes: vec3f,
#endif
  dprevious: State, // its part that does not pass through r
}

struct SecondStep {
  x: f32, // pre-activation of the last gate; 0 if PROJECTS
  r: f32, // product + b_hh
  gates: Gates, // what the first stage saved; 0 if PROJECTS
  previous: f32, // h; 0 if PROJECTS
}

struct SecondForward {
  h: f32,
  saved: f32,
}

struct SecondBack {
  saved: f32,
  gates: Gates,
  previous: f32,
  dh: f32,
}

struct SecondBackward {
  dr: f32, // with respect to x and r
  carry: f32, // for cell_backward
  dprevious: f32, // its part that does not pass through the products
}
