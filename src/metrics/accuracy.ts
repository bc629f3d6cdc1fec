import { onlyKnown } from "../check.ts";
import { refuse } from "../errors.ts";
import { type HostTensor, shapeText } from "../tensor.ts";
import { checkLabel, flat, type Labels, sameLength, tensorData } from "./flat.ts";

export interface LabelOptions {
  /** Places with this target do not count, such as those past the end of a row. Default: all count. */
  ignoreIndex?: number;
}

/**
 * The class of the largest output of each row; of equal ones the first.
 * @param outputs [..., C] logits or probabilities
 * @returns [...] flat, one class in [0, C) per row
 * @throws WebgpuRnnError when an output is NaN or the data do not fill the shape
 */
export function argmax(outputs: HostTensor): Uint32Array {
  const data = tensorData("argmax", outputs);
  const classes = outputs.shape.at(-1) ?? 0;
  if (classes === 0) {
    throw refuse({ what: "argmax", expected: "shape [..., classes]", got: shapeText(outputs.shape) });
  }
  const wrong = data.findIndex(Number.isNaN);
  if (wrong >= 0) throw refuse({ what: "argmax", expected: "numbers", got: `NaN at place ${wrong}` });
  return Uint32Array.from({ length: data.length / classes }, (_, row) => {
    let best = row * classes;
    for (let i = best + 1; i < (row + 1) * classes; i++) if ((data[i] as number) > (data[best] as number)) best = i;
    return best - row * classes;
  });
}

/**
 * The fraction of rows whose largest output is that of the target: scikit-learn's `accuracy_score` of {@link argmax}.
 * @param outputs [..., C] logits or probabilities
 * @param targets one class in [0, C) or `ignoreIndex` per row of the outputs, flat or in rows
 * @returns from 0 to 1; NaN where no target counts
 * @throws WebgpuRnnError when there are more or fewer targets than rows, a target is no class or an output is NaN
 */
export function accuracy(outputs: HostTensor, targets: Labels, options: LabelOptions = {}): number {
  onlyKnown("accuracy", options, ["ignoreIndex"]);
  const { ignoreIndex } = options;
  const predicted = argmax(outputs);
  const wanted = flat("accuracy: targets", targets);
  sameLength("accuracy: targets", wanted, predicted.length);
  let [right, counted] = [0, 0];
  for (const [place, label] of predicted.entries()) {
    const target = wanted[place] as number;
    checkLabel("accuracy: targets", target, outputs.shape.at(-1) as number, ignoreIndex);
    if (target === ignoreIndex) continue;
    counted += 1;
    if (label === target) right += 1;
  }
  return right / counted;
}
