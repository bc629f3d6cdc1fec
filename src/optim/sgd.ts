import { within } from "../check.ts";
import { sgd as sgdKernel } from "../kernels.ts";
import { elementwise } from "../ops/elementwise.ts";
import { sizeOf } from "../tensor.ts";
import type { Optimizer } from "./optimizer.ts";

export interface SgdOptions {
  /** Default 1e-3. */
  learningRate?: number;
  /** Share of the last update that goes on. Default 0. */
  momentum?: number;
}

/**
 * Stochastic gradient descent, as `torch.optim.SGD` without dampening.
 * @throws WebgpuRnnError when a number is out of range
 */
export function sgd({ learningRate = 1e-3, momentum = 0 }: SgdOptions = {}): Optimizer {
  within("sgd: learningRate", learningRate, 0, Number.POSITIVE_INFINITY);
  within("sgd: momentum", momentum, 0, 1);
  return {
    kind: "sgd",
    config: { learningRate, momentum },
    moments: momentum > 0 ? ["velocity"] : [],
    betas: [0, 0],
    record(recorder, { parameters, gradients, moments, control }) {
      const length = sizeOf(parameters.shape);
      recorder.dispatch({
        label: "sgd",
        variant: { kernel: sgdKernel, flags: { MOMENTUM: momentum > 0 } },
        bindings: { parameters, gradients, control, ...moments },
        dims: { length, learning_rate: learningRate, ...(momentum > 0 ? { momentum } : {}) },
        workgroups: elementwise(length / 4),
      });
    },
  };
}
