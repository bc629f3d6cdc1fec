// Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000), as torch.nn.LSTM:
//   i, f, o = σ(x + r)    g = tanh(x + r)    c = f c' + i g    h = o tanh(c)
// where x = W·x + b_ih and r = R·h' + b_hh, gates in the order i f g o, states h c. As in ONNX's LSTM, activation_f takes
// the place of σ, activation_g and activation_h that of tanh. Saved for the backward pass: the activated gates; c is
// computed again.
// PEEPHOLES (Gers & Schmidhuber 2000): i and f also see c', o sees c.
// COUPLED (Greff et al. 2017): f = 1 - i, gates in the order i g o.
// CELL_CLIP: c is bounded (Sak et al. 2014).
#if COUPLED
#import shared/three_gates
#else
#import shared/four_gates
#endif

struct Named {
  i: f32,
  f: f32,
  g: f32,
  o: f32,
}

fn named(gates: Gates) -> Named {
#if COUPLED
  return Named(gates.x, 1.0 - gates.x, gates.y, gates.z);
#else
  return Named(gates.x, gates.y, gates.z, gates.w);
#endif
}

fn unclipped_c(gates: Named, previous: f32) -> f32 {
  return gates.f * previous + gates.i * gates.g;
}

fn clipped(c: f32) -> f32 {
#if CELL_CLIP
  return clamp(c, -CELL_CLIP, CELL_CLIP);
#else
  return c;
#endif
}

fn cell_forward(in: Step) -> Forward {
  let peep = in.peepholes;
#if COUPLED
  let a = in.x + in.r + Gates(peep.x * in.previous.y, 0.0, 0.0);
  let inner = Gates(activation_f(a.x), activation_g(a.y), a.z);
#else
  let a = in.x + in.r + Gates(peep.xy * in.previous.y, 0.0, 0.0);
  let inner = Gates(activation_f(a.x), activation_f(a.y), activation_g(a.z), a.w);
#endif
  let c = clipped(unclipped_c(named(inner), in.previous.y));
  let o = activation_f(named(inner).o + peep.z * c);
  var saved = inner;
  saved[GATES - 1u] = o;
  return Forward(State(o * activation_h(c), c), saved);
}

fn cell_backward(in: Back) -> Backward {
  let gates = named(in.saved);
  let peep = in.peepholes;
  let free_c = unclipped_c(gates, in.previous.y);
  let c = clipped(free_c);
  let h = activation_h(c);
  let da_o = in.dstate.x * h * activation_f_derivative(gates.o);
  let dc_after = in.dstate.y + in.dstate.x * gates.o * activation_h_derivative(h) + peep.z * da_o;
  let dc = select(0.0, dc_after, c == free_c);
  let da_g = dc * gates.i * activation_g_derivative(gates.g);
#if COUPLED
  let da_i = dc * (gates.g - in.previous.y) * activation_f_derivative(gates.i);
  let da_f = 0.0;
  let dgates = Gates(da_i, da_g, da_o);
#else
  let da_i = dc * gates.g * activation_f_derivative(gates.i);
  let da_f = dc * in.previous.y * activation_f_derivative(gates.f);
  let dgates = Gates(da_i, da_f, da_g, da_o);
#endif
  let dprevious = State(0.0, dc * gates.f + peep.x * da_i + peep.y * da_f);
#if PEEPHOLES
  return Backward(dgates, vec3f(da_i, da_f, 0.0) * in.previous.y + vec3f(0.0, 0.0, da_o * c), dprevious);
#else
  return Backward(dgates, dprevious);
#endif
}
