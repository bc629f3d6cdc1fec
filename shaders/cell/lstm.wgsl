// Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000), as torch.nn.LSTM:
//   i, f, o = sigmoid(x + r)    g = tanh(x + r)    c = f c' + i g    h = o tanh(c)
// where x = W·x + b_ih and r = R·h' + b_hh, gates in the order i f g o, states h c. Saved for the backward pass: the
// activated gates; tanh(c) is computed again.
#import shared/four_gates
#import shared/activation

fn cell_forward(x: Gates, r: Gates, previous: State) -> Forward {
  let a = x + r;
  let gates = Gates(sigmoid(a.x), sigmoid(a.y), safe_tanh(a.z), sigmoid(a.w));
  let c = gates.y * previous.y + gates.x * gates.z;
  return Forward(State(gates.w * safe_tanh(c), c), gates);
}

fn cell_backward(saved: Gates, previous: State, state: State, dstate: State) -> Backward {
  let tanh_c = safe_tanh(state.y);
  let dc = dstate.y + dstate.x * saved.w * tanh_derivative(tanh_c);
  let dgates = Gates(
    dc * saved.z * sigmoid_derivative(saved.x),
    dc * previous.y * sigmoid_derivative(saved.y),
    dc * saved.x * tanh_derivative(saved.z),
    dstate.x * tanh_c * sigmoid_derivative(saved.w),
  );
  return Backward(dgates, State(0.0, dc * saved.y));
}
