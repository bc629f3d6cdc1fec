import type { Gpu } from "../../src/gpu/device.ts";
import { rnnScanForward as kernel } from "../../src/kernels.ts";
import { lstm } from "../../src/oracle/cell/lstm.ts";
import { rnnScanForward as twin } from "../../src/oracle/rnn_scan_forward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, playDispatch } from "./check.ts";
import {
  awkwardPasses,
  type Buffers,
  forwardBuffers,
  forwardTolerance,
  lstmVariant,
  type Pass,
  passDims,
  passName,
  stagedPasses,
} from "./recurrent-pass.ts";

/** The dispatch of steps `begin` to `end`. */
const chunk = (pass: Pass, buffers: Buffers, begin = 0, end = pass.time) => ({
  variant: lstmVariant(kernel, pass),
  dims: { ...passDims(pass), time: pass.time, t_begin: begin, t_end: end },
  buffers,
  workgroups: [Math.ceil(pass.batch / 4), 1, 1] as const,
});

function checkPass(gpu: Gpu, pass: Pass, buffers: Buffers): Promise<Buffers> {
  const bound = forwardTolerance(pass);
  const tolerance = { gates: bound, states: bound, state: bound };
  return checkDispatch(gpu, { ...chunk(pass, buffers), twin, cell: lstm, tolerance });
}

const long: Pass = { batch: 5, time: 9, hidden: 20, units: 2, lanes: 10 };

export const cases: GpuCase[] = [
  ...[...awkwardPasses, ...stagedPasses].map((pass) => ({
    name: passName(pass),
    run: async (gpu: Gpu) => {
      await checkPass(gpu, pass, forwardBuffers(pass));
    },
  })),
  {
    name: "saturated gates (pre-activations ±1e4) stay finite and right",
    run: async (gpu) => {
      const buffers = forwardBuffers(long);
      await checkPass(gpu, long, { ...buffers, gates: buffers.gates.map((value) => Math.sign(value) * 1e4) });
    },
  },
  {
    name: "chunks of time give the bits of the whole",
    run: async (gpu) => {
      const buffers = forwardBuffers(long);
      const whole = await playDispatch(gpu, chunk(long, buffers));
      const first = { ...buffers, ...(await playDispatch(gpu, chunk(long, buffers, 0, 4))) };
      const both = await playDispatch(gpu, chunk(long, first, 4, 9));
      for (const name of ["gates", "states", "state"]) compare(name, both[name], whole[name], 0);
    },
  },
];
