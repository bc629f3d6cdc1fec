import { flag, onlyKnown, within } from "../check.ts";
import { adam as adamKernel } from "../kernels.ts";
import { elementwise } from "../ops/elementwise.ts";
import { sizeOf } from "../tensor.ts";
import { chosen, type Optimizer, SMALLEST } from "./optimizer.ts";

export interface AdamOptions {
  /** Default 1e-3. */
  learningRate?: number;
  /** Decay of the mean of the gradients, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Decay of the mean of their squares, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment, above 0. Default 1e-8. */
  epsilon?: number;
  /** `adam`: L2 penalty, added to the gradient, default 0; `adamW`: shrinks the weights by itself, default 0.01. */
  weightDecay?: number;
  /** Divides by the root of the largest second moment so far (Reddi et al. 2018). Default false. */
  amsgrad?: boolean;
}

/**
 * Adam (Kingma & Ba 2015) with bias correction, as `torch.optim.Adam`.
 * @throws WebgpuRnnError when an option is unknown or out of range
 */
export const adam = (options: AdamOptions = {}): Optimizer => adamOf("adam", options, 0);

/**
 * Adam whose weight decay is kept apart from the gradient (Loshchilov & Hutter 2019), as `torch.optim.AdamW`: each update
 * first takes learning rate × weightDecay of a weight away.
 * @throws WebgpuRnnError when an option is unknown or out of range
 */
export const adamW = (options: AdamOptions = {}): Optimizer => adamOf("adamW", options, 0.01);

function adamOf(kind: "adam" | "adamW", options: AdamOptions, decay: number): Optimizer {
  onlyKnown(kind, options, ["learningRate", "beta1", "beta2", "epsilon", "weightDecay", "amsgrad"]);
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weightDecay = decay, amsgrad = false } = options;
  within(`${kind}: learningRate`, learningRate, 0, Number.POSITIVE_INFINITY);
  within(`${kind}: beta1`, beta1, 0, 1);
  within(`${kind}: beta2`, beta2, 0, 1);
  within(`${kind}: epsilon`, epsilon, SMALLEST, Number.POSITIVE_INFINITY);
  within(`${kind}: weightDecay`, weightDecay, 0, Number.POSITIVE_INFINITY);
  flag(`${kind}: amsgrad`, amsgrad);
  return {
    kind,
    config: { learningRate, beta1, beta2, epsilon, weightDecay, amsgrad },
    moments: chosen({ m: true, v: true, largest: amsgrad }),
    betas: [beta1, beta2],
    record(recorder, { parameters, gradients, moments, control }) {
      const length = sizeOf(parameters.shape);
      recorder.dispatch({
        label: kind,
        variant: { kernel: adamKernel, flags: { DECOUPLED: kind === "adamW", AMSGRAD: amsgrad } },
        bindings: { parameters, gradients, control, ...moments },
        dims: { length, learning_rate: learningRate, beta1, beta2, epsilon, weight_decay: weightDecay },
        workgroups: elementwise(length / 4),
      });
    },
  };
}
