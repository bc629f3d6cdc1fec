import { onlyKnown, within } from "../check.ts";
import { adagrad as adagradKernel } from "../kernels.ts";
import { elementwise } from "../ops/elementwise.ts";
import { sizeOf } from "../tensor.ts";
import { type Optimizer, SMALLEST } from "./optimizer.ts";

export interface AdagradOptions {
  /** Default 0.01. */
  learningRate?: number;
  /** The t-th update divides the learning rate by 1 + (t − 1) × this. Default 0. */
  learningRateDecay?: number;
  /** What the sums of squared gradients start from. Default 0. */
  initialAccumulator?: number;
  /** Added to the root of the sum, above 0. Default 1e-10. */
  epsilon?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay?: number;
}

/**
 * Adagrad (Duchi, Hazan & Singer 2011), as `torch.optim.Adagrad`.
 * @throws WebgpuRnnError when an option is unknown or out of range
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  onlyKnown("adagrad", options, ["learningRate", "learningRateDecay", "initialAccumulator", "epsilon", "weightDecay"]);
  const { learningRate = 0.01, learningRateDecay = 0, initialAccumulator = 0 } = options;
  const { epsilon = 1e-10, weightDecay = 0 } = options;
  within("adagrad: learningRate", learningRate, 0, Number.POSITIVE_INFINITY);
  within("adagrad: learningRateDecay", learningRateDecay, 0, Number.POSITIVE_INFINITY);
  within("adagrad: initialAccumulator", initialAccumulator, 0, Number.POSITIVE_INFINITY);
  within("adagrad: epsilon", epsilon, SMALLEST, Number.POSITIVE_INFINITY);
  within("adagrad: weightDecay", weightDecay, 0, Number.POSITIVE_INFINITY);
  return {
    kind: "adagrad",
    config: { learningRate, learningRateDecay, initialAccumulator, epsilon, weightDecay },
    moments: ["sum"],
    initial: { sum: initialAccumulator },
    betas: [0, 0],
    record(recorder, { parameters, gradients, moments, control, counters }) {
      const length = sizeOf(parameters.shape);
      const rates = { learning_rate: learningRate, rate_decay: learningRateDecay, weight_decay: weightDecay };
      recorder.dispatch({
        label: "adagrad",
        variant: { kernel: adagradKernel },
        bindings: { parameters, gradients, control, counters, ...moments },
        dims: { length, ...rates, epsilon },
        workgroups: elementwise(length / 4),
      });
    },
  };
}
