import { onlyKnown, within } from "../check.ts";
import { refuse } from "../errors.ts";
import { type ElementLoss, elementLoss } from "../ops/loss.ts";
import type { Loss } from "./loss.ts";

/** Mean of (y − target)² over all outputs of all rows, as `torch.nn.MSELoss`. */
export const meanSquaredError = (): Loss => over("meanSquaredError", "SQUARED");

/** Mean of |y − target|, as `torch.nn.L1Loss`; its slope is 0 where they are equal. */
export const meanAbsoluteError = (): Loss => over("meanAbsoluteError", "ABSOLUTE");

/**
 * Mean of (y − target)² / 2 where they are within `delta`, of delta · (|y − target| − delta / 2) beyond, as
 * `torch.nn.HuberLoss`.
 * @param options.delta above 0. Default 1
 * @throws WebgpuRnnError when delta is out of range
 */
export function huber(options: { delta?: number } = {}): Loss {
  onlyKnown("huber", options, ["delta"]);
  const { delta = 1 } = options;
  within("huber: delta", delta, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
  return over("huber", "HUBER", { delta });
}

/**
 * Mean cross-entropy in nats of sigmoid(y) against a target in [0, 1], as `torch.nn.BCEWithLogitsLoss`: the model gives
 * logits, many labels may be true at once.
 */
export const binaryCrossEntropy = (): Loss => ({
  ...over("binaryCrossEntropy", "BINARY"),
  check(what, targets) {
    const wrong = Array.prototype.findIndex.call(targets, (target) => !(target >= 0 && target <= 1));
    if (wrong < 0) return;
    throw refuse({ what, expected: "probabilities from 0 to 1", got: `${targets[wrong]} at place ${wrong}` });
  },
});

const over = (kind: string, elementKind: ElementLoss, config: { delta?: number } = {}): Loss => ({
  kind,
  config,
  targets: "numbers",
  record: ({ recorder, constant: _, ...tensors }) => elementLoss(recorder, tensors, { kind: elementKind, ...config }),
});
