import { activationEnds, activationValue } from "../ops/activation-values.ts";
import type { ActivationName, ResolvedActivation } from "../ops/activations.ts";

/** Twin of the two functions that `activationText` writes. */
export interface ActivationTwin {
  value(x: number): number;
  /** @param y what `value` gave */
  derivative(y: number): number;
}

const DERIVATIVES: Readonly<Record<ActivationName, (y: number, alpha: number, beta: number) => number>> = {
  tanh: (y) => 1 - y * y,
  sigmoid: (y) => y * (1 - y),
  relu: (y) => (y > 0 ? 1 : 0),
  leakyRelu: (y, alpha) => (y > 0 ? 1 : alpha),
  thresholdedRelu: (y) => (y === 0 ? 0 : 1),
  elu: (y, alpha) => (y > 0 ? 1 : y + alpha),
  affine: (_, alpha) => alpha,
  scaledTanh: (y, alpha, beta) => beta * (alpha - (y * y) / alpha),
  hardSigmoid: (y, alpha) => (y > 0 && y < 1 ? alpha : 0),
  softsign: (y) => (1 - Math.abs(y)) ** 2,
  softplus: (y) => -Math.expm1(-y),
};

/**
 * Value and derivative in float64.
 * @param clip bound of |x|; what lies at the ends is rounded to float32, so that it is the device's to the last bit
 */
export function activationTwin(activation: ResolvedActivation, clip?: number): ActivationTwin {
  const { name, alpha, beta } = activation;
  const value = (x: number): number => activationValue(activation, x);
  const derivative = (y: number): number => DERIVATIVES[name](y, alpha, beta);
  if (clip === undefined) return { value, derivative };
  const bound = Math.fround(clip);
  const { below, above } = activationEnds(activation, clip);
  const [low, high] = [Math.min(below, above), Math.max(below, above)];
  return {
    value: (x) => (x <= -bound ? below : x >= bound ? above : value(x)),
    derivative: (y) => (y <= low || y >= high ? 0 : derivative(y)),
  };
}
