import { elementLoss as kernel } from "../../src/kernels.ts";
import { elementLoss as twin } from "../../src/oracle/element_loss.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const EPSILON = 2 ** -24;

/** Outputs lie within ± this, targets within ± 1, or for BINARY from 0 to 1. */
const BOUND = 4;
/** Half of the differences are larger. */
const DELTA = 2;

/**
 * Largest loss and slope of one output, and what both err by before the sum: the difference rounds to 5 ε, the maths
 * after it a few times more. BINARY: exp errs by 3 + 2 |x| units in the last place of at most 1, the logarithm by 2^-21.
 */
const KINDS = {
  SQUARED: { most: 25, error: 6 * 25 * EPSILON },
  ABSOLUTE: { most: 5, error: 5 * EPSILON },
  HUBER: { most: 8, error: 6 * 8 * EPSILON },
  BINARY: { most: 5, error: 2 ** -21 + 40 * EPSILON },
};

interface Size {
  readonly rows: number;
  readonly width: number;
  readonly gradient?: boolean;
  /** Every third row counts for nothing, the others for 1 to 2 divided by the rows. */
  readonly weighted?: boolean;
}

const sizes: readonly Size[] = [
  { rows: 1, width: 1 },
  { rows: 65, width: 3 },
  { rows: 64, width: 5, weighted: true },
  { rows: 3, width: 130, gradient: false },
];

function caseOf(kind: keyof typeof KINDS, { rows, width, gradient = true, weighted = false }: Size): GpuCase {
  const { most, error } = KINDS[kind];
  return {
    name: `${kind.toLowerCase()} [${rows}, ${width}]${gradient ? " with gradient" : ""}${weighted ? ", weighted" : ""}`,
    run: async (gpu) => {
      await checkDispatch(gpu, {
        variant: { kernel, flags: { [kind]: true, GRADIENT: gradient, WEIGHTED: weighted } },
        twin,
        dims: {
          rows,
          width,
          ...(kind === "HUBER" ? { delta: DELTA } : {}),
          ...(weighted ? {} : { scale: Math.fround(1 / rows) }),
        },
        buffers: {
          output: noise(rows * width, 1, BOUND),
          targets: noise(rows * width, 2).map((value) => (kind === "BINARY" ? Math.abs(value) : value)),
          losses: noise(rows, 3),
          ...(weighted ? { weights: noise(rows, 5).map((w, i) => (i % 3 === 1 ? 0 : (1 + Math.abs(w)) / rows)) } : {}),
          ...(gradient ? { doutput: noise(rows * width, 4) } : {}),
        },
        workgroups: [Math.ceil(rows / 64), 1, 1],
        // A mean of `width` losses: each addition rounds a sum of at most width · most; division and weight round thrice.
        tolerance: {
          losses: (2 / rows) * (error + (width + 5) * most * EPSILON),
          doutput: (2 / rows / width) * (error + 5 * 10 * EPSILON),
        },
      });
    },
  };
}

export const cases: GpuCase[] = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) =>
  sizes.map((size) => caseOf(kind, size)),
);
