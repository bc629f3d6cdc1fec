// The second stage of a cell that PROJECTS: h = activation_out(q), q = Q·mid + b.

fn second_forward(in: SecondStep) -> SecondForward {
  let h = activation_out(in.r);
  return SecondForward(h, h);
}

fn second_backward(in: SecondBack) -> SecondBackward {
  return SecondBackward(in.dh * activation_out_derivative(in.saved), 0.0, 0.0);
}
