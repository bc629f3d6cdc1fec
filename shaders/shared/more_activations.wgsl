// The other activations of ONNX's recurrent operators, right for every finite input where their result is finite, and their
// derivatives through their outputs y, which take the same parameters. As in shared/activation, what goes into exp, products
// and divisions is bounded.
#import shared/activation

// e^x - 1 for x <= 0: 2t / (1 - t) with t = tanh(x/2), in which nothing cancels.
fn expm1(x: f32) -> f32 {
  let t = safe_tanh(0.5 * x);
  return 2.0 * t / (1.0 - t);
}

// ln(1 + u) for 0 <= u <= 1: 2 artanh s with s = u / (2 + u), by the continued fraction s/(1 - s²/(3 - 4s²/(5 - …)))
// cut after five terms (relative error 3e-8 at 1). WGSL's log errs by 2^-21 near 1, which is all there is of a small u.
fn log1p(u: f32) -> f32 {
  let s = u / (2.0 + u);
  let z = s * s;
  return 2.0 * s * (945.0 - z * (735.0 - z * 64.0)) / (945.0 - z * (1050.0 - z * 225.0));
}

// a x; beyond ±1e37 no more than the sign is kept where |a| > 1.
fn bounded_product(a: f32, x: f32) -> f32 {
  let reach = 1e37 / max(abs(a), 1.0);
  return a * select(x, clamp(x, -reach, reach), abs(a) > 1.0);
}

fn relu(x: f32) -> f32 {
  return max(x, 0.0);
}

fn relu_derivative(y: f32) -> f32 {
  return select(0.0, 1.0, y > 0.0);
}

fn leaky_relu(x: f32, alpha: f32) -> f32 {
  return select(alpha * x, x, x >= 0.0);
}

fn leaky_relu_derivative(y: f32, alpha: f32) -> f32 {
  return select(alpha, 1.0, y > 0.0);
}

fn thresholded_relu(x: f32, alpha: f32) -> f32 {
  return select(0.0, x, x >= alpha);
}

fn thresholded_relu_derivative(y: f32, alpha: f32) -> f32 {
  return select(0.0, 1.0, y != 0.0);
}

fn elu(x: f32, alpha: f32) -> f32 {
  return select(alpha * expm1(min(x, 0.0)), x, x >= 0.0);
}

fn elu_derivative(y: f32, alpha: f32) -> f32 {
  return select(y + alpha, 1.0, y > 0.0);
}

fn affine(x: f32, alpha: f32, beta: f32) -> f32 {
  return alpha * x + beta;
}

fn affine_derivative(y: f32, alpha: f32, beta: f32) -> f32 {
  return alpha;
}

fn scaled_tanh(x: f32, alpha: f32, beta: f32) -> f32 {
  return alpha * safe_tanh(bounded_product(beta, x));
}

// beta (alpha - y²/alpha)
fn scaled_tanh_derivative(y: f32, alpha: f32, beta: f32) -> f32 {
  return beta * (alpha * tanh_derivative(y / alpha));
}

fn hard_sigmoid(x: f32, alpha: f32, beta: f32) -> f32 {
  return clamp(bounded_product(alpha, x) + beta, 0.0, 1.0);
}

fn hard_sigmoid_derivative(y: f32, alpha: f32, beta: f32) -> f32 {
  return select(0.0, alpha, y > 0.0 && y < 1.0);
}

fn softsign(x: f32) -> f32 {
  let bounded = clamp(x, -1e37, 1e37);
  return bounded / (1.0 + abs(bounded));
}

fn softsign_derivative(y: f32) -> f32 {
  let rest = 1.0 - abs(y);
  return rest * rest;
}

// ln(1 + e^x)
fn softplus(x: f32) -> f32 {
  return max(x, 0.0) + log1p(exp(-min(abs(x), 104.0)));
}

// 1 - e^-y
fn softplus_derivative(y: f32) -> f32 {
  return -expm1(-y);
}
