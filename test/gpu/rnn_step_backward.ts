import type { Gpu } from "../../src/gpu/device.ts";
import { rnnStepBackward as kernel, rnnScanBackward } from "../../src/kernels.ts";
import type { GpuCase } from "./case.ts";
import { compare, type Dispatch, playDispatch } from "./check.ts";
import { hardwareSteps, twoRows } from "./hardware-recordings.ts";
import { checkRecurrent, dispatchesOf, recurrentTolerance, telling } from "./recorded-dispatch.ts";
import { longRecordings, recordings, wavefronts } from "./recordings.ts";

/** A row whose gradients are infinite leaves the other as it is. */
async function checkRowsApart(gpu: Gpu): Promise<void> {
  const step = dispatchesOf(gpu, twoRows, "step", [kernel]).at(-1) as Dispatch;
  const { HIDDEN = 0, OUT = 0 } = step.variant.constants ?? {};
  const gates = (step.buffers.gates as Float32Array).slice();
  gates.fill(Number.POSITIVE_INFINITY, 4 * HIDDEN, 8 * HIDDEN);
  const wanted = await playDispatch(gpu, step);
  const actual = await playDispatch(gpu, { ...step, buffers: { ...step.buffers, gates } });
  const { carried = 0 } = step.dims;
  const row = ({ dstate }: typeof wanted) => (dstate as Float32Array).subarray(carried, carried + OUT);
  compare("dstate", row(actual), row(wanted), 0);
}

export const cases: GpuCase[] = [
  { name: "a row whose gradients are infinite leaves the next as it is", run: checkRowsApart },
  ...[...recordings, ...hardwareSteps].map((recording) => ({
    name: `last, middle and first step of ${recording.name}`,
    run: async (gpu: Gpu) => {
      for (const step of dispatchesOf(gpu, recording, "step", [kernel], telling)) await checkRecurrent(gpu, step);
    },
  })),
  ...longRecordings.map((long) => ({
    name: `${long.name}: the last row of states has no product, whatever lies behind the last step`,
    run: (gpu: Gpu) => {
      const [step] = dispatchesOf(gpu, long, "step", [kernel], (all) => all.slice(0, 1)) as [Dispatch];
      const gates = step.buffers.gates as Float32Array;
      const spoilt = Float32Array.from([...gates, ...gates.map(() => 1e4)]);
      return checkRecurrent(gpu, { ...step, buffers: { ...step.buffers, gates: spoilt } });
    },
  })),
  ...longRecordings.map((long) => ({
    name: `${long.name}: row 0 of the states only completes the gradient of the initial state`,
    run: async (gpu: Gpu) => {
      const step = dispatchesOf(gpu, long, "step", [kernel]).at(-1) as Dispatch;
      const { gates } = await playDispatch(gpu, step);
      compare("gates", gates as Float32Array, step.buffers.gates as Float32Array, 0);
    },
  })),
  ...wavefronts.map((recording) => ({
    name: `last, middle and first diagonal of ${recording.name}`,
    run: async (gpu: Gpu) => {
      for (const step of dispatchesOf(gpu, recording, "wavefront", [kernel], telling)) await checkRecurrent(gpu, step);
    },
  })),
  ...longRecordings.map((long) => ({
    name: `${long.name}: step after step gives what the scan gives, within rounding`,
    run: async (gpu: Gpu) => {
      const [scan] = dispatchesOf(gpu, long, "scan", [rnnScanBackward]) as [Dispatch];
      const whole = await playDispatch(gpu, scan);
      let { buffers } = scan;
      for (const step of dispatchesOf(gpu, long, "step", [kernel])) {
        buffers = { ...buffers, ...(await playDispatch(gpu, { ...step, buffers })) };
      }
      const bound = recurrentTolerance(scan, whole);
      for (const [name, data] of Object.entries(whole)) compare(name, buffers[name] as Float32Array, data, bound);
    },
  })),
];
