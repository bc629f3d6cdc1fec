import { oneOf, onlyKnown } from "../check.ts";
import { sizeOf } from "../tensor.ts";
import type { Initial } from "./layer.ts";

export const INITIALIZERS = ["xavierUniform", "xavierNormal", "heUniform", "heNormal", "orthogonal"] as const;

/**
 * How a weight [O, I, …] starts, as `torch.nn.init` has it: with F = I · … and G = O · …, "xavierUniform" in ±√(6 / (F + G))
 * and "xavierNormal" of deviation √(2 / (F + G)) (Glorot & Bengio 2010); "heUniform" in ±√(6 / F) and "heNormal" of
 * deviation √(2 / F), for ReLU (He et al. 2015); "orthogonal" with orthonormal rows, or columns where there are more rows
 * (Saxe et al. 2014).
 */
export type Initializer = (typeof INITIALIZERS)[number];

export interface WeightOptions {
  /** How `weight` starts. Default: as PyTorch's layer. */
  initial?: { weight?: Initializer };
}

/** @throws WebgpuRnnError when there is no such weight or no such way to start */
export function checkInitial(kind: string, initial: object, weights: readonly string[]): void {
  onlyKnown(`${kind}: initial`, initial, weights);
  for (const [name, chosen] of Object.entries(initial)) oneOf(`${kind}: initial.${name}`, chosen, INITIALIZERS);
}

/** @throws WebgpuRnnError when there is an option but `initial`, or it is none of its choices */
export function checkWeightOptions(kind: string, options: WeightOptions): void {
  onlyKnown(`${kind}: options`, options, ["initial"]);
  checkInitial(kind, options.initial ?? {}, ["weight"]);
}

/**
 * @param usual where none is chosen
 * @param blocks matrices one below the other within the shape, such as those of the gates; each starts by itself
 */
export function initialOf(
  chosen: Initializer | undefined,
  shape: readonly number[],
  usual: Initial,
  blocks = 1,
): Initial {
  if (chosen === undefined) return usual;
  const [outputs, inputs, ...field] = shape as [number, number, ...number[]];
  const rows = outputs / blocks;
  const fanIn = inputs * sizeOf(field);
  const both = fanIn + rows * sizeOf(field);
  switch (chosen) {
    case "xavierUniform":
      return { kind: "uniform", bound: Math.sqrt(6 / both) };
    case "xavierNormal":
      return { kind: "normal", deviation: Math.sqrt(2 / both) };
    case "heUniform":
      return { kind: "uniform", bound: Math.sqrt(6 / fanIn) };
    case "heNormal":
      return { kind: "normal", deviation: Math.sqrt(2 / fanIn) };
    case "orthogonal":
      return { kind: "orthogonal", rows, columns: fanIn };
    default:
      return chosen satisfies never;
  }
}
