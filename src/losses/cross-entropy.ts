import { onlyKnown, whole, within } from "../check.ts";
import { refuse } from "../errors.ts";
import { crossEntropy as record } from "../ops/loss.ts";
import type { Loss } from "./loss.ts";

export interface CrossEntropyOptions {
  /** A target that makes its row count for nothing, a whole number of any sign. Default: none. */
  ignoreIndex?: number;
  /** What a row with each target counts for: one number of at least 0 for each class. Default: all alike. */
  classWeights?: readonly number[];
  /** Share of the target's probability that is spread evenly over all classes, in [0, 1). Default 0. */
  labelSmoothing?: number;
}

/**
 * Cross-entropy in nats of softmax(outputs) against ids, as `torch.nn.CrossEntropyLoss` with reduction "mean": class
 * weights divide by what all rows weigh together.
 * @throws WebgpuRnnError when a number is out of range
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  onlyKnown("crossEntropy", options, ["ignoreIndex", "classWeights", "labelSmoothing"]);
  const { ignoreIndex, classWeights, labelSmoothing = 0 } = options;
  if (ignoreIndex !== undefined) whole("crossEntropy: ignoreIndex", ignoreIndex, Number.MIN_SAFE_INTEGER);
  within("crossEntropy: labelSmoothing", labelSmoothing, 0, 1);
  if (classWeights !== undefined && !(Array.isArray(classWeights) || ArrayBuffer.isView(classWeights))) {
    const expected = "a list of numbers, one for each class";
    throw refuse({ what: "crossEntropy: classWeights", expected, got: String(classWeights) });
  }
  classWeights?.forEach((weight, id) => {
    within(`crossEntropy: classWeights: class ${id}`, weight, 0, Number.POSITIVE_INFINITY);
  });
  return {
    kind: "crossEntropy",
    config: {
      ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
      ...(classWeights ? { classWeights: [...classWeights] } : {}),
      labelSmoothing,
    },
    targets: "ids",
    ignoreIndex,
    classWeights,
    record({ recorder, constant, ...tensors }) {
      const classes = tensors.output.shape.at(-1);
      if (classWeights && classWeights.length !== classes) {
        const expected = `${classes}, one for each class`;
        throw refuse({ what: "crossEntropy: classWeights", expected, got: String(classWeights.length) });
      }
      const weights = classWeights && constant("class weights", Float32Array.from(classWeights));
      record(recorder, tensors, { smoothing: labelSmoothing, classes: weights });
    },
  };
}
