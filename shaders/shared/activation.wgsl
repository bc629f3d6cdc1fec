// The usual activations of recurrent cells, right for every finite input, and their derivatives through their outputs y.
// WGSL may assume that nothing overflows, so what goes into exp is bounded where the result no longer changes.

// 1 / (1 + e^-x); 2e-38 instead of less below -87.
fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exp(-clamp(x, -87.0, 87.0)));
}

fn sigmoid_derivative(y: f32) -> f32 {
  return y * (1.0 - y);
}

// tanh x, to a few units in the last place. Below 1 it is Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + …)))
// cut after five terms (relative error 6e-8 at 1), which keeps small x exact where 1 - 2/(e^2x + 1) would cancel.
fn safe_tanh(x: f32) -> f32 {
  let near = clamp(x, -1.0, 1.0);
  let z = near * near;
  let small = near * (945.0 + z * (105.0 + z)) / (945.0 + z * (420.0 + z * 15.0));
  let large = sign(x) * (1.0 - 2.0 / (exp(2.0 * min(abs(x), 15.0)) + 1.0));
  return select(large, small, abs(x) < 1.0);
}

fn tanh_derivative(y: f32) -> f32 {
  return 1.0 - y * y;
}
