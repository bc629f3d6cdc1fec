import { flat, type Numbers, sameLength } from "./flat.ts";

/**
 * The mean of |output − target| over all numbers: scikit-learn's `mean_absolute_error`, summed in float64.
 * @param outputs numbers of any shape, such as the [B, T, N] of a model
 * @param targets as many, in the same order
 * @returns in the unit of the numbers; NaN where there are none or one of them is NaN
 * @throws WebgpuRnnError when outputs and targets are not equally many
 */
export function meanAbsoluteError(outputs: Numbers, targets: Numbers): number {
  const [given, wanted] = [flat("meanAbsoluteError: outputs", outputs), flat("meanAbsoluteError: targets", targets)];
  sameLength("meanAbsoluteError: targets", wanted, given.length);
  let sum = 0;
  for (let i = 0; i < given.length; i++) sum += Math.abs((given[i] as number) - (wanted[i] as number));
  return sum / given.length;
}
