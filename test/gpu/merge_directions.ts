import { mergeDirections as kernel } from "../../src/kernels.ts";
import { mergeDirections as twin } from "../../src/oracle/merge_directions.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

/** A way to put outputs together, by the flags of the kernel and of the way back. */
export interface Merge {
  name: string;
  flags: Readonly<Record<string, boolean>>;
}

export const merges: readonly Merge[] = [
  { name: "one direction", flags: {} },
  { name: "one direction, masked", flags: { MASKED: true } },
  { name: "concat, masked", flags: { BOTH: true, CONCAT: true, MASKED: true } },
  { name: "sum", flags: { BOTH: true, SUM: true } },
  { name: "mean, masked", flags: { BOTH: true, MEAN: true, MASKED: true } },
  { name: "multiply, masked", flags: { BOTH: true, MULTIPLY: true, MASKED: true } },
];

/** Columns of the merged rows for each column of a direction. */
export const partsOf = ({ flags }: Merge): number => (flags.CONCAT ? 2 : 1);

/** 1 or 0 for each row, without a pattern. */
export const rowMask = (rows: number, stream: number): Float32Array =>
  noise(rows, stream).map((value) => (value > 0 ? 1 : 0));

/** One element; more rows and columns than one workgroup's 64 invocations reach at once. */
const sizes = [
  { rows: 1, width: 1 },
  { rows: 7, width: 65 },
];

export const cases: GpuCase[] = merges.flatMap((merge) =>
  sizes.map(
    ({ rows, width }): GpuCase => ({
      name: `${merge.name}: ${rows} rows of ${width}`,
      run: async (gpu) => {
        const { flags } = merge;
        const elements = rows * width;
        const [forward, reverse] = [3, 3 + elements + 4];
        await checkDispatch(gpu, {
          variant: { kernel, flags },
          twin,
          dims: { rows, width, forward, reverse },
          buffers: {
            states: noise(reverse + elements, 1),
            out: noise(partsOf(merge) * elements + 3, 2),
            ...(flags.MASKED ? { mask: rowMask(rows, 3) } : {}),
          },
          workgroups: [2, 1, 1],
          tolerance: { out: (_, reference) => 2 ** -24 * Math.abs(reference) }, // one sum or product is rounded
        });
      },
    }),
  ),
);
