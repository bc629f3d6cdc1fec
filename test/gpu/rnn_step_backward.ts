import type { Gpu } from "../../src/gpu/device.ts";
import { rnnStepBackward as kernel, rnnScanBackward } from "../../src/kernels.ts";
import { lstm } from "../../src/oracle/cell/lstm.ts";
import { rnnStepBackward as twin } from "../../src/oracle/rnn_step_backward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, playDispatch } from "./check.ts";
import {
  type Buffers,
  backwardBuffers,
  backwardTolerance,
  lstmVariant,
  type Pass,
  passDims,
  passName,
  stepPasses,
  stepWorkgroups,
} from "./recurrent-pass.ts";

/** The dispatch of row t of the states. */
const step = (pass: Pass, buffers: Buffers, t: number) => ({
  variant: lstmVariant(kernel, pass),
  dims: { ...passDims(pass), time: pass.time, t },
  buffers,
  workgroups: stepWorkgroups(pass),
});

async function checkStep(gpu: Gpu, pass: Pass, t: number, buffers = backwardBuffers(pass)): Promise<void> {
  const bound = backwardTolerance({ ...pass, time: 1 });
  await checkDispatch(gpu, { ...step(pass, buffers, t), twin, cell: lstm, tolerance: { gates: bound, dstate: bound } });
}

const small: Pass = { batch: 5, time: 5, hidden: 20, units: 2, lanes: 4 };

export const cases: GpuCase[] = [
  ...stepPasses.map((pass) => ({
    name: `row ${pass.time - 1} of ${passName(pass)}`,
    run: (gpu: Gpu) => checkStep(gpu, pass, pass.time - 1),
  })),
  {
    name: "the last row has no product, whatever lies behind the last step",
    run: (gpu) => {
      const { gates } = backwardBuffers({ ...small, time: small.time + 1 });
      return checkStep(gpu, small, small.time, { ...backwardBuffers(small), gates });
    },
  },
  {
    name: "row 0 only completes the gradient of the initial state",
    run: (gpu) => checkStep(gpu, small, 0),
  },
  {
    name: "step after step gives what the scan gives, within rounding",
    run: async (gpu) => {
      const { time } = small;
      const whole = await playDispatch(gpu, {
        variant: lstmVariant(rnnScanBackward, { ...small, lanes: 10 }),
        dims: { ...passDims(small), t_begin: 0, t_end: time },
        buffers: backwardBuffers(small),
        workgroups: [2, 1, 1],
      });
      let buffers = backwardBuffers(small);
      for (let t = time; t >= 0; t--) buffers = { ...buffers, ...(await playDispatch(gpu, step(small, buffers, t))) };
      for (const name of ["gates", "dstate"]) compare(name, buffers[name], whole[name], backwardTolerance(small));
    },
  },
];
