import { columnSum } from "../kernels.ts";
import type { PartialSum, Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor, whole } from "../tensor.ts";
import { quadsOf, type Target } from "../variant.ts";
import { together } from "./parts.ts";

/** Of a workgroup: the columns that it owns, a cache line of 128 bytes of each row, and invocations that share one. */
const TILE = { COLUMNS: 32, ROWS: 4 };
/** Of many rows on a GPU, where each addition waits for memory: 32 bytes of a row, and as many invocations as any grants. */
const LONG = { COLUMNS: 8, ROWS: 32 };
/** Fewest rows that are many. */
const MANY = 256;
/** Most columns that one workgroup sums on SwiftShader. */
const FEW = 128;

interface BiasGradient {
  readonly dy: Tensor; // [..., N]
  readonly bias: Tensor; // [N]
  /** That is added to the same rows, and lies behind the first. */
  readonly second?: Tensor | undefined; // [N]
}

/** Records the gradient of a bias [N]: the sum of dy [..., N] over its rows. */
export const biasGradient = (recorder: Recorder, dy: Tensor, bias: Tensor): void =>
  biasGradients(recorder, [{ dy, bias }]);

/** Records the gradients of the biases of parts alike, one each or two. */
export function biasGradients(recorder: Recorder, parts: readonly BiasGradient[]): void {
  const sums = parts.map(({ dy, bias, second }) => {
    const [out, out2] = [bias, second].map((of) => of && recorder.gradientTarget(of).tensor) as [Tensor, Tensor?];
    return { a: dy, out, ...(out2 ? { second: out2.offset - out.offset } : {}) };
  });
  columnSums(recorder, "bias_gradient", sums);
}

interface ColumnSum {
  readonly a: Tensor; // [..., N]
  readonly out: Tensor; // [N]
  /** Elements from there to where the sums stand a second time. Default: nowhere. */
  readonly second?: number;
}

/** Records the sums of parts alike over their rows. */
export function columnSums(recorder: Recorder, label: string, parts: readonly ColumnSum[]): void {
  const spans = parts.map(({ a, out, second = 0 }) => {
    const n = a.shape.at(-1) as number;
    return { bindings: { a, out: { ...out, shape: [second + n] } }, m: sizeOf(a.shape) / n, n, second };
  });
  for (const { parts, bindings, distances } of together(spans)) {
    const { m, n, second } = parts[0];
    const tile = tileOf(m, n, recorder.target);
    recorder.dispatch({
      label,
      variant: { kernel: columnSum, flags: { PAIR: second > 0 }, constants: tile },
      bindings,
      dims: { m, n, second, ...distances },
      workgroups: [Math.ceil(n / tile.COLUMNS), 1, parts.length],
    });
  }
}

/** Adds up the gradients that are in parts, up to four in a dispatch. */
export function addPartialSums(recorder: Recorder): void {
  const sums = recorder.takePartialSums();
  while (sums.length > 0) {
    const some = sums.splice(0, 4) as [PartialSum, ...PartialSum[]];
    const dims: Record<string, number> = {};
    [..."xyzw"].forEach((letter, i) => {
      const { parts, gradient } = some[i] ?? some[0];
      [dims[`m.${letter}`], dims[`n.${letter}`]] = parts.shape;
      dims[`a_first.${letter}`] = parts.offset;
      dims[`out_first.${letter}`] = gradient.offset;
    });
    recorder.dispatch({
      label: "partial_sums",
      variant: { kernel: columnSum, flags: { UNLIKE: true }, constants: TILE },
      bindings: { a: whole(some[0].parts.storage), out: whole(some[0].gradient.storage) },
      dims,
      workgroups: [Math.ceil(Math.max(...some.map(({ parts }) => parts.shape[1])) / TILE.COLUMNS), 1, some.length],
    });
  }
}

/** On SwiftShader one workgroup for what is little beside other work: a scan may follow at once, see `MachinePlan.rests`. */
function tileOf(m: number, n: number, target: Target): typeof TILE {
  if (!target.software && m >= MANY) return LONG;
  const alone = quadsOf(target) && n > TILE.COLUMNS && n <= FEW;
  return alone ? { COLUMNS: Math.ceil(n / TILE.COLUMNS) * TILE.COLUMNS, ROWS: 1 } : TILE;
}
