import { columns } from "../../src/columns.ts";
import { type NamedTensors, shapeText } from "../../src/tensor.ts";
import { type Pair, pairs, type Reference } from "../fixtures/reference.ts";

/**
 * Of the tensor's root mean square, and again of the element itself. PyTorch's own float32 run on the CPU strays from
 * its float64 by up to 1.2e-5 of the root mean square (`float32Error` of the references); a unit test holds all of them
 * below this.
 */
export const TOLERANCE = 2e-5;

/** The worst number of a quantity. */
export interface Finding extends Pair {
  readonly quantity: string;
  /** |actual − wanted|; infinite for NaN. */
  readonly error: number;
  readonly allowed: number;
  /** What the reference's own float32 run strays by, relative to the tensor's root mean square; none without such a run. */
  readonly float32Error: number | undefined;
}

/** By cell, then by quantity without layer and direction: the largest error beside what is allowed so far. */
const worst = new Map<string, Map<string, Finding>>();

/**
 * Compares tensors by name and remembers the worst of each quantity for {@link errorTable}.
 * @param cell whose numbers these are
 * @throws Error with every quantity that is missing, of another shape or too far away, and its worst element
 */
export function compareNamed(cell: string, actual: NamedTensors, wanted: Readonly<Record<string, Reference>>): void {
  const failures: string[] = [];
  for (const [quantity, reference] of Object.entries(wanted)) {
    const got = actual.get(quantity);
    const [shape, rightShape] = [got ? shapeText(got.shape) : "missing", shapeText(reference.shape)];
    if (!got || shape !== rightShape) {
      failures.push(`${quantity}: ${shape}, not ${rightShape}`);
      continue;
    }
    const finding = worstOf(quantity, got.data, reference);
    remember(cell, finding);
    if (finding.error > finding.allowed) failures.push(explain(finding));
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

function worstOf(quantity: string, actual: ArrayLike<number>, reference: Reference): Finding {
  const { float32Error, sway = 0 } = reference;
  return pairs(actual, reference)
    .map((pair): Finding => {
      const difference = Math.abs(pair.actual - pair.wanted);
      const error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
      return {
        ...pair,
        quantity,
        error,
        allowed: Math.max(sway, TOLERANCE * (pair.scale + Math.abs(pair.wanted))),
        float32Error,
      };
    })
    .reduce((most, finding) => (share(finding) > share(most) ? finding : most));
}

/** Of what is allowed; nothing is allowed where the whole tensor is zero. */
const share = ({ error, allowed }: Finding): number => (error === 0 ? 0 : error / allowed);

function remember(cell: string, finding: Finding): void {
  const quantity = finding.quantity.replace(/_l\d+(_reverse)?$/, "");
  const findings = worst.get(cell) ?? new Map<string, Finding>();
  worst.set(cell, findings);
  const before = findings.get(quantity);
  if (!before || share(finding) > share(before)) findings.set(quantity, finding);
}

function explain({ quantity, place, actual, wanted, scale, error, allowed }: Finding): string {
  const [off, most, size] = [error, allowed, scale].map((value) => value.toExponential(2));
  return `${quantity} ${place}: ${actual}, not ${wanted}: off by ${off}, allowed is ${most}, its like are about ${size}`;
}

/** Before another device begins. */
export const forgetErrors = (): void => worst.clear();

/** The worst of every quantity of every cell that was compared; errors and tolerances relative to the root mean square. */
export function errorTable(): string {
  const relative = (value: number, scale: number): string => (scale === 0 ? "0" : (value / scale).toExponential(1));
  const rows = [...worst].flatMap(([cell, findings]) =>
    [...findings].map(([quantity, { error, allowed, scale, float32Error }]) => {
      return [cell, quantity, relative(error, scale), relative(allowed, scale), float32Error?.toExponential(1) ?? ""];
    }),
  );
  return columns([["cell", "quantity", "worst error", "allowed", "reference's float32"], ...rows]).join("\n");
}

/**
 * One row for each cell, as Markdown: the worst error of outputs and final states, and of gradients, as a share of root
 * mean square and element together, of which {@link TOLERANCE} is allowed.
 */
export function errorSummary(): string {
  const rows = [...worst].map(([cell, findings]) => {
    const worstAmong = (gradients: boolean): string => {
      const among = [...findings.values()].filter(({ quantity }) => quantity.startsWith("gradient") === gradients);
      return (TOLERANCE * Math.max(...among.map(share))).toExponential(1);
    };
    return `| ${cell} | ${worstAmong(false)} | ${worstAmong(true)} |`;
  });
  return ["| cell | outputs, states | gradients |", "| --- | --- | --- |", ...rows.sort()].join("\n");
}
