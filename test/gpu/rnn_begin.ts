import type { Gpu } from "../../src/gpu/device.ts";
import { rnnBegin as kernel } from "../../src/kernels.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, type Dispatch } from "./check.ts";
import { dispatchesOf } from "./recorded-dispatch.ts";
import { recordings } from "./recordings.ts";

/** One state and two, of other widths, in both directions, with and without recurrent dropout. */
const telling = recordings.filter(({ name }) => /rnn of 1 |outputs|bidirectional|reverse/.test(name));

export const cases: GpuCase[] = telling.map((recording) => ({
  name: `${recording.name}: the carried state becomes the states before the first step, all else stays`,
  run: async (gpu: Gpu) => {
    const [begin] = dispatchesOf(gpu, recording, "step", [kernel]) as [Dispatch];
    // What recurrent dropout leaves is one product.
    const gates = (_: number, reference: number): number => 2 ** -24 * Math.abs(reference);
    await checkDispatch(gpu, { ...begin, tolerance: { states: 0, state: 0, gates } });
  },
}));
