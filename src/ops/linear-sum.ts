import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { inputGradient, weightGradient } from "./linear.ts";
import { product } from "./matmul.ts";

/** x [..., I] · Wᵀ with W [O, I]. */
interface Term {
  readonly x: Tensor;
  readonly weight: Tensor;
}

/** The sum of some products, which is that of all x side by side with all W side by side. @returns [..., O] */
export function linearSum(recorder: Recorder, terms: readonly [Term, ...Term[]]): Tensor {
  const [{ x: first, weight }] = terms;
  const n = weight.shape[0] as number;
  const y = recorder.scratch("sum", [...first.shape.slice(0, -1), n]);
  terms.forEach((term, i) => {
    const k = term.weight.shape[1] as number;
    const [a, b] = [term.x, term.weight];
    const m = sizeOf(a.shape) / k;
    product(recorder, { label: "product", a, b, transposeB: true, c: y, accumulate: i > 0, m, n, k });
  });
  recorder.onBackward(() => {
    const dy = recorder.gradient(y);
    for (const term of terms) {
      inputGradient(recorder, { ...term, dy });
      weightGradient(recorder, { ...term, dy });
    }
  });
  return y;
}
