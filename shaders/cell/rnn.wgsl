// Elman network (Elman 1990), as torch.nn.RNN:
//   h = f(x + r)
// where x = W·x + b_ih, r = R·h' + b_hh and activation_f is tanh, max(., 0) or another. Saved for the backward pass: h.
// With a diagonal R it is an independently recurrent network (Li et al. 2018); with a second stage that makes the output
// a Jordan network (Jordan 1986), whose hidden h counts as its second state.
#import shared/one_gate

fn cell_forward(in: Step) -> Forward {
  let h = activation_f(in.x + in.r);
  return Forward(State(h, h), h);
}

fn cell_backward(in: Back) -> Backward {
  return Backward((in.dstate.x + in.dstate.y) * activation_f_derivative(in.saved), State());
}
