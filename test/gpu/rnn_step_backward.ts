import type { Gpu } from "../../src/gpu/device.ts";
import { rnnStepBackward as kernel, rnnScanBackward } from "../../src/kernels.ts";
import { rnnStepBackward as twin } from "../../src/oracle/rnn_step_backward.ts";
import { cellTwins } from "../../src/oracle/twins.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, playDispatch } from "./check.ts";
import {
  type Buffers,
  backwardBuffers,
  backwardTolerance,
  ofEveryCell,
  type Pass,
  passDims,
  passName,
  passVariant,
  stepSizes,
  stepWorkgroups,
} from "./recurrent-pass.ts";

/** The dispatch of row t of the states. */
const step = (pass: Pass, buffers: Buffers, t: number) => ({
  variant: passVariant(kernel, pass),
  dims: { ...passDims(pass), time: pass.time, t },
  buffers,
  workgroups: stepWorkgroups(pass),
});

async function checkStep(gpu: Gpu, pass: Pass, t: number, buffers = backwardBuffers(pass)): Promise<void> {
  const bound = backwardTolerance({ ...pass, time: 1 });
  await checkDispatch(gpu, {
    ...step(pass, buffers, t),
    twin,
    cell: cellTwins[pass.cell.name],
    tolerance: { gates: bound, dstate: bound },
  });
}

const smallPasses = ofEveryCell([{ batch: 5, time: 5, hidden: 20, units: 2, lanes: 4 }]);

const casesOf = (small: Pass): GpuCase[] => [
  {
    name: `${small.cell.name}: the last row has no product, whatever lies behind the last step`,
    run: (gpu) => {
      const gates = backwardBuffers(small).gates;
      const spoilt = Float32Array.from([...gates, ...gates.map(() => 1e4)]);
      return checkStep(gpu, small, small.time, { ...backwardBuffers(small), gates: spoilt });
    },
  },
  {
    name: `${small.cell.name}: row 0 only completes the gradient of the initial state`,
    run: (gpu) => checkStep(gpu, small, 0),
  },
  {
    name: `${small.cell.name}: step after step gives what the scan gives, within rounding`,
    run: async (gpu) => {
      const { time } = small;
      const whole = await playDispatch(gpu, {
        variant: passVariant(rnnScanBackward, { ...small, lanes: 10 }),
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

export const cases: GpuCase[] = [
  ...ofEveryCell(stepSizes).map((pass) => ({
    name: `row ${pass.time - 1} of ${passName(pass)}`,
    run: (gpu: Gpu) => checkStep(gpu, pass, pass.time - 1),
  })),
  ...smallPasses.flatMap(casesOf),
];
