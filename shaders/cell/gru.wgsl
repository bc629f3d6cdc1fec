// Gated recurrent unit (Cho et al. 2014) with its reset gate after the product, as torch.nn.GRU:
//   reset, update = sigmoid(x + r)    candidate = tanh(x + reset r)    h = (1 - update) candidate + update h'
// where x = W·x + b_ih and r = R·h' + b_hh, gates in the order reset, update, candidate (r z n). Saved for the backward
// pass: the activated gates, and r, because the candidate's gradients for x and for r differ (SPLIT).
#import shared/three_gates
#import shared/activation

fn cell_forward(x: Gates, r: Gates, previous: State) -> Forward {
  let reset = sigmoid(x.x + r.x);
  let update = sigmoid(x.y + r.y);
  let candidate = safe_tanh(x.z + reset * r.z);
  let h = (1.0 - update) * candidate + update * previous.x;
  return Forward(State(h, 0.0), Gates(reset, update, candidate));
}

fn cell_backward(saved: Gates, previous: State, state: State, dstate: State, r: Gates) -> Backward {
  let reset = saved.x;
  let update = saved.y;
  let candidate = saved.z;
  let dcandidate = dstate.x * (1.0 - update) * tanh_derivative(candidate);
  let dreset = dcandidate * r.z * sigmoid_derivative(reset);
  let dupdate = dstate.x * (previous.x - candidate) * sigmoid_derivative(update);
  return Backward(
    Gates(dreset, dupdate, dcandidate),
    Gates(dreset, dupdate, dcandidate * reset),
    State(dstate.x * update, 0.0),
  );
}
