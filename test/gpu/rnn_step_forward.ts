import type { Gpu } from "../../src/gpu/device.ts";
import { rnnStepForward as kernel, rnnScanForward } from "../../src/kernels.ts";
import { rnnStepForward as twin } from "../../src/oracle/rnn_step_forward.ts";
import { cellTwins } from "../../src/oracle/twins.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, playDispatch } from "./check.ts";
import {
  type Buffers,
  forwardBuffers,
  forwardTolerance,
  lstmCase,
  ofEveryCell,
  type Pass,
  passDims,
  passName,
  passVariant,
  stepSizes,
  stepWorkgroups,
} from "./recurrent-pass.ts";

const step = (pass: Pass, buffers: Buffers, t: number) => ({
  variant: passVariant(kernel, pass),
  dims: { ...passDims(pass), time: pass.time, t },
  buffers,
  workgroups: stepWorkgroups(pass),
});

async function checkStep(gpu: Gpu, pass: Pass, t: number): Promise<void> {
  const bound = forwardTolerance({ ...pass, time: 1 });
  const tolerance = { gates: bound, states: bound, state: bound };
  await checkDispatch(gpu, {
    ...step(pass, forwardBuffers(pass), t),
    twin,
    cell: cellTwins[pass.cell.name],
    tolerance,
  });
}

export const cases: GpuCase[] = [
  ...ofEveryCell(stepSizes).map((pass) => ({
    name: `the last step of ${passName(pass)}`,
    run: (gpu: Gpu) => checkStep(gpu, pass, pass.time - 1),
  })),
  {
    name: "only the last step writes the carried state",
    run: (gpu) => checkStep(gpu, { ...lstmCase, batch: 5, time: 3, hidden: 20, units: 1, lanes: 4 }, 1),
  },
  ...ofEveryCell([{ batch: 5, time: 5, hidden: 20, units: 2, lanes: 4 }]).map((pass) => ({
    name: `${pass.cell.name}: step after step gives what the scan gives, within rounding`,
    run: async (gpu: Gpu) => {
      const { batch, hidden, time } = pass;
      const { lead, plane } = passDims(pass);
      const whole = await playDispatch(gpu, {
        variant: passVariant(rnnScanForward, { ...pass, lanes: 10 }),
        dims: { ...passDims(pass), time, t_begin: 0, t_end: time },
        buffers: forwardBuffers(pass),
        workgroups: [2, 1, 1],
      });
      let buffers = forwardBuffers(pass);
      const { state, states } = buffers as Record<string, Float32Array>;
      for (let s = 0; s < pass.cell.states; s++) {
        states.set(state.subarray(s * batch * hidden, (s + 1) * batch * hidden), s * plane + lead);
      }
      for (let t = 0; t < time; t++) buffers = { ...buffers, ...(await playDispatch(gpu, step(pass, buffers, t))) };
      for (const name of ["gates", "states", "state"])
        compare(name, buffers[name], whole[name], forwardTolerance(pass));
    },
  })),
];
