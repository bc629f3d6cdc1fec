// Minimal gated unit (Zhou, Wu, Zhang & Zhou 2016):
//   forget = σ(x + R·h' + b)    candidate = tanh(x + R·(forget h') + b)    h = (1 - forget) h' + forget candidate
// The candidate is the gate of the second stage. Saved for the backward pass: the activated gates.
#import shared/one_gate

fn cell_forward(in: Step) -> Forward {
  let forget = activation_f(in.x + in.r);
  return Forward(State(), forget, forget * in.previous.x);
}

fn second_forward(in: SecondStep) -> SecondForward {
  let candidate = activation_g(in.x + in.r);
  return SecondForward((1.0 - in.gates) * in.previous + in.gates * candidate, candidate);
}

// carry: the gradient of the forget gate, but for what comes through the second product.
fn second_backward(in: SecondBack) -> SecondBackward {
  let dcandidate = in.dh * in.gates * activation_g_derivative(in.saved);
  return SecondBackward(dcandidate, in.dh * (in.saved - in.previous), in.dh * (1.0 - in.gates));
}

fn cell_backward(in: Back) -> Backward {
  let dforget = (in.dstate.x + in.dmid * in.previous.x) * activation_f_derivative(in.saved);
  return Backward(dforget, State(in.dmid * in.saved, 0.0));
}
