import { flag, onlyKnown, within } from "../check.ts";
import { refuse } from "../errors.ts";
import { sgd as sgdKernel } from "../kernels.ts";
import { elementwise } from "../ops/elementwise.ts";
import { sizeOf } from "../tensor.ts";
import type { Optimizer } from "./optimizer.ts";

export interface SgdOptions {
  /** Default 1e-3. */
  learningRate?: number;
  /** Share of the last update that goes on, in [0, 1). Default 0. */
  momentum?: number;
  /** Share of a gradient, in [0, 1), that does not enter the momentum; the first enters whole. Default 0. */
  dampening?: number;
  /** Nesterov's momentum; wants momentum and no dampening. Default false. */
  nesterov?: boolean;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent, as `torch.optim.SGD`.
 * @throws WebgpuRnnError when an option is unknown or out of range
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  onlyKnown("sgd", options, ["learningRate", "momentum", "dampening", "nesterov", "weightDecay"]);
  const { learningRate = 1e-3, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
  within("sgd: learningRate", learningRate, 0, Number.POSITIVE_INFINITY);
  within("sgd: momentum", momentum, 0, 1);
  within("sgd: dampening", dampening, 0, 1);
  flag("sgd: nesterov", nesterov);
  within("sgd: weightDecay", weightDecay, 0, Number.POSITIVE_INFINITY);
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    const got = `momentum ${momentum}, dampening ${dampening}`;
    throw refuse({ what: "sgd: nesterov", expected: "momentum above 0 and no dampening with it", got });
  }
  const moving = momentum > 0;
  return {
    kind: "sgd",
    config: { learningRate, momentum, dampening, nesterov, weightDecay },
    moments: moving ? ["velocity"] : [],
    betas: [0, 0],
    record(recorder, { parameters, gradients, moments, control, counters }) {
      const length = sizeOf(parameters.shape);
      const rates = { learning_rate: learningRate, weight_decay: weightDecay };
      recorder.dispatch({
        label: "sgd",
        variant: { kernel: sgdKernel, flags: { MOMENTUM: moving, NESTEROV: nesterov } },
        bindings: { parameters, gradients, control, ...(moving ? { counters, ...moments } : {}) },
        dims: { length, ...rates, ...(moving ? { momentum, dampening } : {}) },
        workgroups: elementwise(length / 4),
      });
    },
  };
}
