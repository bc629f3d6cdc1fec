import { flag, onlyKnown, within } from "../check.ts";
import { rmsprop as rmspropKernel } from "../kernels.ts";
import { elementwise } from "../ops/elementwise.ts";
import { sizeOf } from "../tensor.ts";
import { chosen, type Optimizer, SMALLEST } from "./optimizer.ts";

export interface RmspropOptions {
  /** Default 0.01. */
  learningRate?: number;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.99. */
  alpha?: number;
  /** Added to the root of that mean, above 0. Default 1e-8. */
  epsilon?: number;
  /** Takes the square of the mean gradient away first, which leaves the variance (Graves 2013). Default false. */
  centered?: boolean;
  /** Share of the last update that goes on, in [0, 1). Default 0. */
  momentum?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay?: number;
}

/**
 * RMSprop (Tieleman & Hinton 2012), as `torch.optim.RMSprop`.
 * @throws WebgpuRnnError when an option is unknown or out of range
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  onlyKnown("rmsprop", options, ["learningRate", "alpha", "epsilon", "centered", "momentum", "weightDecay"]);
  const { learningRate = 0.01, alpha = 0.99, epsilon = 1e-8 } = options;
  const { centered = false, momentum = 0, weightDecay = 0 } = options;
  within("rmsprop: learningRate", learningRate, 0, Number.POSITIVE_INFINITY);
  within("rmsprop: alpha", alpha, 0, 1);
  within("rmsprop: epsilon", epsilon, SMALLEST, Number.POSITIVE_INFINITY);
  flag("rmsprop: centered", centered);
  within("rmsprop: momentum", momentum, 0, 1);
  within("rmsprop: weightDecay", weightDecay, 0, Number.POSITIVE_INFINITY);
  const moving = momentum > 0;
  return {
    kind: "rmsprop",
    config: { learningRate, alpha, epsilon, centered, momentum, weightDecay },
    moments: chosen({ v: true, mean: centered, velocity: moving }),
    betas: [0, 0],
    record(recorder, { parameters, gradients, moments, control }) {
      const length = sizeOf(parameters.shape);
      const rates = { learning_rate: learningRate, weight_decay: weightDecay, ...(moving ? { momentum } : {}) };
      recorder.dispatch({
        label: "rmsprop",
        variant: { kernel: rmspropKernel, flags: { CENTERED: centered, MOMENTUM: moving } },
        bindings: { parameters, gradients, control, ...moments },
        dims: { length, ...rates, alpha, epsilon },
        workgroups: elementwise(length / 4),
      });
    },
  };
}
