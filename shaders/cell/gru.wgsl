// Gated recurrent unit (Cho et al. 2014) with its reset gate after the product, as torch.nn.GRU:
//   reset, update = σ(x + r)    candidate = tanh(x + reset r)    h = (1 - update) candidate + update h'
// where x = W·x + b_ih and r = R·h' + b_hh, gates in the order reset, update, candidate (r z n). As in ONNX's GRU,
// activation_f takes the place of σ and activation_g that of tanh. Saved for the backward pass: the activated gates, and
// r, because the candidate's gradients for x and for r differ (SPLIT).
#import shared/three_gates

fn cell_forward(in: Step) -> Forward {
  let reset = activation_f(in.x.x + in.r.x);
  let update = activation_f(in.x.y + in.r.y);
  let candidate = activation_g(in.x.z + reset * in.r.z);
  let h = (1.0 - update) * candidate + update * in.previous.x;
  return Forward(State(h, 0.0), Gates(reset, update, candidate));
}

fn cell_backward(in: Back) -> Backward {
  let reset = in.saved.x;
  let update = in.saved.y;
  let candidate = in.saved.z;
  let dcandidate = in.dstate.x * (1.0 - update) * activation_g_derivative(candidate);
  let dreset = dcandidate * in.r.z * activation_f_derivative(reset);
  let dupdate = in.dstate.x * (in.previous.x - candidate) * activation_f_derivative(update);
  return Backward(
    Gates(dreset, dupdate, dcandidate),
    Gates(dreset, dupdate, dcandidate * reset),
    State(in.dstate.x * update, 0.0),
  );
}
