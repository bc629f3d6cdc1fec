// Gated recurrent unit with its reset gate before the product, as Cho et al. 2014 define it and ONNX by default:
//   reset, update = σ(x + R·h' + b)    candidate = tanh(x + R·(reset h') + b)    h = (1 - update) candidate + update h'
// The candidate is the gate of the second stage. As in ONNX, activation_f takes the place of σ and activation_g that of
// tanh. Saved for the backward pass: the activated gates.
#import shared/two_gates

fn cell_forward(in: Step) -> Forward {
  let reset = activation_f(in.x.x + in.r.x);
  let update = activation_f(in.x.y + in.r.y);
  return Forward(State(), Gates(reset, update), reset * in.previous.x);
}

fn second_forward(in: SecondStep) -> SecondForward {
  let update = in.gates.y;
  let candidate = activation_g(in.x + in.r);
  return SecondForward((1.0 - update) * candidate + update * in.previous, candidate);
}

// carry: the gradient of the update gate.
fn second_backward(in: SecondBack) -> SecondBackward {
  let update = in.gates.y;
  let dcandidate = in.dh * (1.0 - update) * activation_g_derivative(in.saved);
  return SecondBackward(dcandidate, in.dh * (in.previous - in.saved), in.dh * update);
}

fn cell_backward(in: Back) -> Backward {
  let reset = in.saved.x;
  let dreset = in.dmid * in.previous.x * activation_f_derivative(reset);
  let dupdate = in.dstate.x * activation_f_derivative(in.saved.y);
  return Backward(Gates(dreset, dupdate), State(in.dmid * reset, 0.0));
}
