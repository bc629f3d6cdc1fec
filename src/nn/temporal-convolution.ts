import { flag, onlyKnown, wholeNumbers } from "../check.ts";
import { temporalConvolution as recordConvolution } from "../ops/temporal-convolution.ts";
import { checkInitial, initialOf, type WeightOptions } from "./initializers.ts";
import type { Layer } from "./layer.ts";

export interface TemporalConvolutionOptions extends WeightOptions {
  /** K, steps that an output sees. */
  taps: number;
  /** From one of them to the next. Default 1. */
  dilation?: number;
  /** Whether an output sees no step after its own. Default true. */
  causal?: boolean;
}

/**
 * A time-delay network (Waibel et al. 1989): [T, B, I] → [T, B, O].
 *
 * y_t = b + Σ_k W_k · x_{t − (K − 1 − k) · dilation}, as `torch.nn.Conv1d(I, O, K, dilation=…)` over an input padded with
 * (K − 1) · dilation zeros on the left. The steps before the sequence are a state, `past` [B, (K − 1) · dilation · I],
 * oldest first, zero at the start: sequences that go on and streams see on. With `causal: false` as Conv1d's
 * `padding="same"`, without a state. Steps that a row does not take count as zeros. Parameters `weight` [O, I, K] and
 * `bias` [O], uniform in ±1/√(I · K) at the start, or the weight as `initial` says.
 * @param inputs I
 * @param outputs O
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is none of its choices
 */
export function temporalConvolution(inputs: number, outputs: number, options: TemporalConvolutionOptions): Layer {
  onlyKnown("temporalConvolution: options", options, ["taps", "dilation", "causal", "initial"]);
  const { taps, dilation = 1, causal = true } = options;
  wholeNumbers("temporalConvolution", { inputs, outputs, taps, dilation });
  flag("temporalConvolution: causal", causal);
  checkInitial("temporalConvolution", options.initial ?? {}, ["weight"]);
  const reach = (taps - 1) * dilation;
  const left = causal ? reach : Math.floor(reach / 2);
  const initial = { kind: "uniform", bound: 1 / Math.sqrt(inputs * taps) } as const;
  const shape = [outputs, inputs, taps];
  return {
    kind: "temporalConvolution",
    config: { inputs, outputs, ...options },
    parameters: [
      { name: "weight", shape, initial: initialOf(options.initial?.weight, shape, initial) },
      { name: "bias", shape: [outputs], initial },
    ],
    input: inputs,
    output: outputs,
    wholeSequence: !causal && reach > 0,
    record({ recorder, parameter, mask, state }, x) {
      const batch = x.shape[1] as number;
      const kept = causal && reach > 0;
      const past = kept ? state("past", [{ name: "past", shape: [batch, left * inputs], offset: 0 }]) : undefined;
      const [weight, bias] = [parameter("weight"), parameter("bias")];
      return recordConvolution(recorder, x, { weight, bias, dilation, left, mask, past });
    },
  };
}
