import { wholeNumbers } from "../check.ts";
import { linear as recordLinear } from "../ops/linear.ts";
import { checkWeightOptions, initialOf, type WeightOptions } from "./initializers.ts";
import type { Layer } from "./layer.ts";

/**
 * y = x · Wᵀ + b at every time step, as `torch.nn.Linear`: [T, B, I] → [T, B, O].
 * Parameters `weight` [O, I] and `bias` [O], uniform in ±1/√I at the start, or the weight as `initial` says.
 * @param inputs I
 * @param outputs O
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is none of its choices
 */
export function linear(inputs: number, outputs: number, options: WeightOptions = {}): Layer {
  wholeNumbers("linear", { inputs, outputs });
  checkWeightOptions("linear", options);
  const initial = { kind: "uniform", bound: 1 / Math.sqrt(inputs) } as const;
  const shape = [outputs, inputs];
  return {
    kind: "linear",
    config: { inputs, outputs, ...options },
    parameters: [
      { name: "weight", shape, initial: initialOf(options.initial?.weight, shape, initial) },
      { name: "bias", shape: [outputs], initial },
    ],
    input: inputs,
    output: outputs,
    record: ({ recorder, parameter }, x) =>
      recordLinear(recorder, x, { weight: parameter("weight"), bias: parameter("bias") }),
  };
}
