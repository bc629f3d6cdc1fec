// The gradient as every optimiser takes it: what the steps have left, scaled, then bounded element by element.
// The importing kernel binds gradients and control and imports shared/control.

fn clipped_gradient(i: u32) -> vec4f {
  let limit = vec4f(control[LIMIT]);
  return clamp(control[SCALE] * gradients[i], -limit, limit);
}
