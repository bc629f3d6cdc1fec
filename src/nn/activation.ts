import { activate } from "../ops/activation.ts";
import { type Activation, resolveActivation } from "../ops/activations.ts";
import type { Unsized } from "./layer.ts";
import { pointwise } from "./pointwise.ts";

/**
 * An activation, feature by feature, as ONNX defines it: [T, B, N] → [T, B, N]. PyTorch's `torch.nn.Tanh`, `ReLU`,
 * `LeakyReLU(alpha)`, `ELU(alpha)`, `Softplus` and so on; its `Hardsigmoid` is `{ name: "hardSigmoid", alpha: 1 / 6 }`. No
 * parameters.
 * @param of a name, or a name with alpha and beta; those left out have ONNX's defaults
 * @throws WebgpuRnnError when there is no such activation, or a number is missing, not taken or out of range
 */
export function activation(of: Activation): Unsized {
  const resolved = resolveActivation("activation", of);
  return pointwise("activation", { of: typeof of === "string" ? of : { ...of } }, ({ recorder }, x) =>
    activate(recorder, x, resolved),
  );
}
