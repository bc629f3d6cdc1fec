import type { ActivationName, ResolvedActivation } from "./activations.ts";

/** In float64, as ONNX's RNN defines them. */
const VALUES: Readonly<Record<ActivationName, (x: number, alpha: number, beta: number) => number>> = {
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  relu: (x) => Math.max(x, 0),
  leakyRelu: (x, alpha) => (x >= 0 ? x : alpha * x),
  thresholdedRelu: (x, alpha) => (x >= alpha ? x : 0),
  elu: (x, alpha) => (x >= 0 ? x : alpha * Math.expm1(x)),
  affine: (x, alpha, beta) => alpha * x + beta,
  scaledTanh: (x, alpha, beta) => alpha * Math.tanh(beta * x),
  hardSigmoid: (x, alpha, beta) => Math.min(Math.max(alpha * x + beta, 0), 1),
  softsign: (x) => x / (1 + Math.abs(x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

export const activationValue = ({ name, alpha, beta }: ResolvedActivation, x: number): number =>
  VALUES[name](x, alpha, beta);

/** Near the largest float32: an end stays a number that WGSL can read. */
const LARGEST = 3.4e38;

/** What an activation with its input clipped to ±clip gives at the ends, `below` for -clip and less; float32. */
export function activationEnds(activation: ResolvedActivation, clip: number): { below: number; above: number } {
  const bound = Math.fround(clip);
  const end = (x: number): number => Math.fround(Math.min(Math.max(activationValue(activation, x), -LARGEST), LARGEST));
  return { below: end(-bound), above: end(bound) };
}
