import type { Gpu } from "../../src/gpu/device.ts";
import { rnnStepForward as kernel, rnnBegin, rnnScanForward } from "../../src/kernels.ts";
import type { GpuCase } from "./case.ts";
import { compare, type Dispatch, playDispatch } from "./check.ts";
import { hardwareSteps, twoRows } from "./hardware-recordings.ts";
import { checkRecurrent, dispatchesOf, recurrentTolerance, telling } from "./recorded-dispatch.ts";
import { longRecordings, recordings, wavefronts } from "./recordings.ts";

/** A row whose h is infinite leaves the other as it is. */
async function checkRowsApart(gpu: Gpu): Promise<void> {
  const [step] = dispatchesOf(gpu, twoRows, "step", [kernel]) as [Dispatch];
  const { HIDDEN = 0, OUT = 0 } = step.variant.constants ?? {};
  const states = (step.buffers.states as Float32Array).slice();
  const { h_rows: first = 0 } = step.dims;
  states.fill(Number.POSITIVE_INFINITY, first + OUT, first + 2 * OUT);
  const wanted = await playDispatch(gpu, step);
  const actual = await playDispatch(gpu, { ...step, buffers: { ...step.buffers, states } });
  const row = ({ gates }: typeof wanted) => (gates as Float32Array).subarray(0, 4 * HIDDEN);
  compare("gates", row(actual), row(wanted), 0);
}

export const cases: GpuCase[] = [
  { name: "a row whose h is infinite leaves the next as it is", run: checkRowsApart },
  ...[...recordings, ...hardwareSteps].map((recording) => ({
    name: `first, middle and last step of ${recording.name}`,
    run: async (gpu: Gpu) => {
      for (const step of dispatchesOf(gpu, recording, "step", [kernel], telling)) await checkRecurrent(gpu, step);
    },
  })),
  ...wavefronts.map((recording) => ({
    name: `first, middle and last diagonal of ${recording.name}`,
    run: async (gpu: Gpu) => {
      for (const step of dispatchesOf(gpu, recording, "wavefront", [kernel], telling)) await checkRecurrent(gpu, step);
    },
  })),
  ...longRecordings.map((long) => ({
    name: `${long.name}: step after step gives what the scan gives, within rounding`,
    run: async (gpu: Gpu) => {
      const [scan] = dispatchesOf(gpu, long, "scan", [rnnScanForward]) as [Dispatch];
      const whole = await playDispatch(gpu, scan);
      let { buffers } = scan;
      for (const step of dispatchesOf(gpu, long, "step", [rnnBegin, kernel])) {
        buffers = { ...buffers, ...(await playDispatch(gpu, { ...step, buffers })) };
      }
      const bound = recurrentTolerance(scan, whole);
      for (const [name, data] of Object.entries(whole)) compare(name, buffers[name] as Float32Array, data, bound);
    },
  })),
  ...longRecordings.map((long) => ({
    name: `${long.name}: only the last step writes the carried state`,
    run: async (gpu: Gpu) => {
      const steps = dispatchesOf(gpu, long, "step", [kernel], (all) => all.slice(0, -1));
      for (const step of steps) {
        const { state } = await playDispatch(gpu, step);
        compare("state", state as Float32Array, step.buffers.state as Float32Array, 0);
      }
    },
  })),
];
