// What the kernels of all optimisers share: slabs of parameters and gradients, and the gradient as each takes it: what the
// steps have left, scaled, then bounded element by element. A kernel loads what it will overwrite once, into a variable:
// across stores to other slabs no compiler may do so for it.
#import shared/control
#import shared/finite

@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>; // [length]
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>; // [length]
@group(0) @binding(3) var<storage, read> control: array<f32>;

fn clipped_gradient(i: u32) -> vec4f {
  let limit = vec4f(control[LIMIT]);
  return clamp(control[SCALE] * gradients[i], -limit, limit);
}
