import type { Gpu } from "../../src/gpu/device.ts";
import { rnnScanBackward as kernel } from "../../src/kernels.ts";
import { rnnScanBackward as twin } from "../../src/oracle/rnn_scan_backward.ts";
import { cellTwins } from "../../src/oracle/twins.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, playDispatch } from "./check.ts";
import {
  awkwardSizes,
  type Buffers,
  backwardBuffers,
  backwardTolerance,
  ofEveryCell,
  type Pass,
  passDims,
  passName,
  passVariant,
  stagedSizes,
} from "./recurrent-pass.ts";

/** The dispatch of steps `end - 1` down to `begin`. */
const chunk = (pass: Pass, buffers: Buffers, begin = 0, end = pass.time) => ({
  variant: passVariant(kernel, pass),
  dims: { ...passDims(pass), t_begin: begin, t_end: end },
  buffers,
  workgroups: [Math.ceil(pass.batch / 4), 1, 1] as const,
});

function checkPass(gpu: Gpu, pass: Pass, buffers: Buffers): Promise<Buffers> {
  const bound = backwardTolerance(pass);
  return checkDispatch(gpu, {
    ...chunk(pass, buffers),
    twin,
    cell: cellTwins[pass.cell.name],
    tolerance: { gates: bound, dstate: bound },
  });
}

const longPasses = ofEveryCell([{ batch: 5, time: 9, hidden: 20, units: 2, lanes: 10 }]);

export const cases: GpuCase[] = [
  ...ofEveryCell([...awkwardSizes, ...stagedSizes]).map((pass) => ({
    name: passName(pass),
    run: async (gpu: Gpu) => {
      await checkPass(gpu, pass, backwardBuffers(pass));
    },
  })),
  ...longPasses.map((long) => ({
    name: `${long.cell.name}: states of ±1e4 and saturated gates give finite and right gradients`,
    run: async (gpu: Gpu) => {
      const buffers = backwardBuffers(long);
      const gates = buffers.gates.map(Math.round);
      await checkPass(gpu, long, { ...buffers, gates, states: buffers.states.map((value) => Math.sign(value) * 1e4) });
    },
  })),
  ...longPasses.map((long) => ({
    name: `${long.cell.name}: chunks of time, last first, give the bits of the whole`,
    run: async (gpu: Gpu) => {
      const buffers = backwardBuffers(long);
      const whole = await playDispatch(gpu, chunk(long, buffers));
      const last = { ...buffers, ...(await playDispatch(gpu, chunk(long, buffers, 4, 9))) };
      const both = await playDispatch(gpu, chunk(long, last, 0, 4));
      for (const name of ["gates", "dstate"]) compare(name, both[name], whole[name], 0);
    },
  })),
];
