import { within } from "../check.ts";
import { adam as adamKernel } from "../kernels.ts";
import { elementwise } from "../ops/elementwise.ts";
import { sizeOf } from "../tensor.ts";
import type { Optimizer } from "./optimizer.ts";

export interface AdamOptions {
  /** Default 1e-3. */
  learningRate?: number;
  /** Decay of the mean of the gradients. Default 0.9. */
  beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment, above 0. Default 1e-8. */
  epsilon?: number;
}

/** The smallest normal float32: with no epsilon, a parameter without gradients would divide 0 by 0. */
const SMALLEST = 2 ** -126;

/**
 * Adam (Kingma & Ba 2015) with bias correction, as `torch.optim.Adam`.
 * @throws WebgpuRnnError when a number is out of range
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  within("adam: learningRate", learningRate, 0, Number.POSITIVE_INFINITY);
  within("adam: beta1", beta1, 0, 1);
  within("adam: beta2", beta2, 0, 1);
  within("adam: epsilon", epsilon, SMALLEST, Number.POSITIVE_INFINITY);
  return {
    kind: "adam",
    config: { learningRate, beta1, beta2, epsilon },
    moments: ["m", "v"],
    betas: [beta1, beta2],
    record(recorder, { parameters, gradients, moments, control }) {
      const length = sizeOf(parameters.shape);
      recorder.dispatch({
        label: "adam",
        variant: { kernel: adamKernel },
        bindings: { parameters, gradients, control, ...moments },
        dims: { length, learning_rate: learningRate, beta1, beta2, epsilon },
        workgroups: elementwise(length / 4),
      });
    },
  };
}
