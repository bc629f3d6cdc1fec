// Elman network (Elman 1990), as torch.nn.RNN:
//   h = tanh(x + r), or with RELU max(x + r, 0)
// where x = W·x + b_ih and r = R·h' + b_hh. Saved for the backward pass: h.
#import shared/one_gate
#import shared/activation

fn cell_forward(x: Gates, r: Gates, previous: State) -> Forward {
#if RELU
  let h = max(x + r, 0.0);
#else
  let h = safe_tanh(x + r);
#endif
  return Forward(State(h, 0.0), h);
}

fn cell_backward(saved: Gates, previous: State, state: State, dstate: State) -> Backward {
#if RELU
  let derivative = select(0.0, 1.0, saved > 0.0);
#else
  let derivative = tanh_derivative(saved);
#endif
  return Backward(dstate.x * derivative, State());
}
