import { onlyKnown, wholeNumbers, within } from "../check.ts";
import { layerNorm as recordLayerNorm } from "../ops/layer-norm.ts";
import type { Layer } from "./layer.ts";

export interface LayerNormOptions {
  /** Added to the variance, a number of at least 0. Default 1e-5. */
  epsilon?: number;
}

/**
 * Each step's features to mean 0 and variance 1, times weight, plus bias, as `torch.nn.LayerNorm` over the last axis
 * (Ba, Kiros & Hinton 2016): [T, B, N] → [T, B, N]. Parameters `weight` [N], 1 at the start, and `bias` [N], 0.
 * @param size N
 * @throws WebgpuRnnError when the size is not a whole number from 1 to 65,536 or epsilon is out of range
 */
export function layerNorm(size: number, options: LayerNormOptions = {}): Layer {
  wholeNumbers("layerNorm", { size });
  onlyKnown("layerNorm: options", options, ["epsilon"]);
  const { epsilon = 1e-5 } = options;
  within("layerNorm: epsilon", epsilon, 0, Number.POSITIVE_INFINITY);
  return {
    kind: "layerNorm",
    config: { size, ...options },
    parameters: [
      { name: "weight", shape: [size], initial: { kind: "constant", value: 1 } },
      { name: "bias", shape: [size], initial: { kind: "constant", value: 0 } },
    ],
    input: size,
    output: size,
    record: ({ recorder, parameter }, x) =>
      recordLayerNorm(recorder, x, { gain: parameter("weight"), bias: parameter("bias"), epsilon }),
  };
}
