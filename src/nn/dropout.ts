import { within } from "../check.ts";
import { dropout as recordDropout } from "../ops/dropout.ts";
import type { Unsized } from "./layer.ts";
import { pointwise } from "./pointwise.ts";

/**
 * Sets a share of the features to zero and scales the rest by 1 / (1 − share), as `torch.nn.Dropout`: [T, B, N] →
 * [T, B, N]. In training only, drawn from its seed. No parameters.
 * @param share in [0, 1)
 * @throws WebgpuRnnError when it is out of range
 */
export function dropout(share: number): Unsized {
  within("dropout: share", share, 0, 1);
  return pointwise("dropout", { share }, ({ recorder }, x) => recordDropout(recorder, x, share));
}
