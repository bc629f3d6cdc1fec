import { copyRows as kernel } from "../../src/kernels.ts";
import { copyRows as twin } from "../../src/oracle/copy_rows.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

/** Rows of x in the order that an index wants them, some of them twice. */
const INDEX = Uint32Array.of(3, 0, 0, 2, 1, 3, 3);

const variants = [
  { name: "in order", flags: {}, period: 7 },
  { name: "again and again, added", flags: { ACCUMULATE: true }, period: 3 },
  { name: "by an index", flags: { INDEXED: true }, period: 7 },
];

/** One element; more columns than one workgroup's 64 invocations reach at once, with gaps between rows. */
const sizes = [
  { rows: 1, columns: 1 },
  { rows: 7, columns: 65 },
];

export const cases: GpuCase[] = variants.flatMap(({ name, flags, period }) =>
  sizes.map(
    ({ rows, columns }): GpuCase => ({
      name: `${name}: ${rows} rows of ${columns}`,
      run: async (gpu) => {
        const [xStride, outStride] = [columns + 2, columns + 5];
        await checkDispatch(gpu, {
          variant: { kernel, flags },
          twin,
          dims: { rows, columns, x_offset: 3, x_stride: xStride, x_rows: period, out_offset: 4, out_stride: outStride },
          buffers: {
            x: noise(3 + 7 * xStride, 1),
            out: noise(4 + rows * outStride, 2),
            ...(flags.INDEXED ? { index: INDEX.slice(0, rows) } : {}),
          },
          workgroups: [2, 1, 1],
          // A copy is exact; a sum is rounded once.
          tolerance: { out: (_, reference) => (flags.ACCUMULATE ? 2 ** -24 * Math.abs(reference) : 0) },
        });
      },
    }),
  ),
);
