import { onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";
import type { LabelOptions } from "./accuracy.ts";
import { checkLabel, flat, type Labels, sameLength } from "./flat.ts";

export interface ClassOptions extends LabelOptions {
  /** C, the number of classes. */
  classes: number;
}

/** F1 of each class and of all. */
export interface F1 {
  /** [C] 2·TP / (2·TP + FP + FN); NaN for a class that is neither target nor prediction. */
  readonly perClass: Float64Array;
  /** The mean over the classes that are target or prediction; NaN where there is none. */
  readonly macro: number;
  /** F1 of the counts summed over the classes, which for one label each is the accuracy; NaN where nothing counts. */
  readonly micro: number;
}

/**
 * How often which class was taken for which: scikit-learn's `confusion_matrix`.
 * @param predictions classes in [0, C), flat or in rows, such as {@link argmax} gives
 * @param targets as many classes, or `ignoreIndex`
 * @returns [C, C] counts, row-major: a row per target, a column per prediction; all 0 where nothing counts
 * @throws WebgpuRnnError when predictions and targets are not equally many, or one is no class
 */
export function confusionMatrix(predictions: Labels, targets: Labels, options: ClassOptions): Uint32Array {
  return countPairs("confusionMatrix", predictions, targets, options);
}

/**
 * The harmonic mean of precision and recall: scikit-learn's `f1_score` with `average` None, "macro" and "micro".
 * @param predictions classes in [0, C), flat or in rows, such as {@link argmax} gives
 * @param targets as many classes, or `ignoreIndex`
 * @throws WebgpuRnnError when predictions and targets are not equally many, or one is no class
 */
export function f1(predictions: Labels, targets: Labels, options: ClassOptions): F1 {
  const counts = countPairs("f1", predictions, targets, options);
  const { classes } = options;
  const at = (target: number, predicted: number): number => counts[target * classes + predicted] as number;
  const perClass = new Float64Array(classes);
  let [right, counted] = [0, 0];
  for (let c = 0; c < classes; c++) {
    let either = 0; // 2·TP + FP + FN: once in its row, once in its column
    for (let other = 0; other < classes; other++) either += at(c, other) + at(other, c);
    perClass[c] = (2 * at(c, c)) / either;
    right += 2 * at(c, c);
    counted += either;
  }
  const seen = perClass.filter((value) => !Number.isNaN(value));
  const macro = seen.reduce((sum, value) => sum + value, 0) / seen.length;
  return { perClass, macro, micro: right / counted };
}

function countPairs(what: string, predictions: Labels, targets: Labels, options: ClassOptions): Uint32Array {
  if (options === undefined) {
    throw refuse({ what, expected: "the number of classes", got: "none", cure: "give { classes } behind the targets" });
  }
  onlyKnown(what, options, ["classes", "ignoreIndex"]);
  const { classes, ignoreIndex } = options;
  whole(`${what}: classes`, classes, 1);
  const [predicted, wanted] = [flat(`${what}: predictions`, predictions), flat(`${what}: targets`, targets)];
  sameLength(`${what}: targets`, wanted, predicted.length);
  const counts = new Uint32Array(classes * classes);
  for (let i = 0; i < predicted.length; i++) {
    const [label, target] = [predicted[i] as number, wanted[i] as number];
    checkLabel(`${what}: targets`, target, classes, ignoreIndex);
    if (target === ignoreIndex) continue;
    checkLabel(`${what}: predictions`, label, classes);
    counts[target * classes + label] += 1;
  }
  return counts;
}
