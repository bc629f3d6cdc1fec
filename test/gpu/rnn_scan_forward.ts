import type { Gpu } from "../../src/gpu/device.ts";
import { rnnScanForward as kernel } from "../../src/kernels.ts";
import { rnnScanForward as twin } from "../../src/oracle/rnn_scan_forward.ts";
import { cellTwins } from "../../src/oracle/twins.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, playDispatch } from "./check.ts";
import {
  awkwardSizes,
  type Buffers,
  forwardBuffers,
  forwardTolerance,
  lstmCase,
  ofEveryCell,
  type Pass,
  passDims,
  passName,
  passVariant,
  stagedSizes,
} from "./recurrent-pass.ts";

/** The dispatch of steps `begin` to `end`. */
const chunk = (pass: Pass, buffers: Buffers, begin = 0, end = pass.time) => ({
  variant: passVariant(kernel, pass),
  dims: { ...passDims(pass), time: pass.time, t_begin: begin, t_end: end },
  buffers,
  workgroups: [Math.ceil(pass.batch / 4), 1, 1] as const,
});

function checkPass(gpu: Gpu, pass: Pass, buffers: Buffers, bound = forwardTolerance(pass)): Promise<Buffers> {
  const tolerance = { gates: bound, states: bound, state: bound };
  return checkDispatch(gpu, { ...chunk(pass, buffers), twin, cell: cellTwins[pass.cell.name], tolerance });
}

/** Without weights, states and biases the saved gates of an LSTM are the activations of the inputs. */
async function checkActivations(gpu: Gpu): Promise<void> {
  const sizes = [0, 1e-40, 1e-30, 1e-3, 0.5, 0.9999, 1.0001, 4, 15.1, 30, 86, 1e4];
  const inputs = Float32Array.from(sizes.flatMap((x) => [-x, x]));
  const hidden = inputs.length;
  const pass: Pass = { ...lstmCase, batch: 1, time: 1, hidden, units: 1, lanes: hidden };
  const buffers = Object.fromEntries(
    Object.entries(forwardBuffers(pass)).map(([name, data]) => [name, data.map(() => 0)]),
  );
  buffers.gates.set([...inputs, ...inputs, ...inputs, ...inputs]);
  // WGSL allows exp 3 + 2|x| units in the last place and a division 2.5; a unit is at most 2^-23. Below 2^-125 lie
  // the denormals, which a device may flush, and what sigmoid gives beyond -87.
  const gates = (index: number, reference: number): number => {
    const exponent = Math.floor(index / hidden) === 2 ? 0 : Math.abs(inputs[index % hidden] as number);
    return (16 + 4 * exponent) * 2 ** -24 * Math.abs(reference) + 2 ** -125;
  };
  const bound = forwardTolerance(pass);
  await checkDispatch(gpu, {
    ...chunk(pass, buffers),
    twin,
    cell: cellTwins[pass.cell.name],
    tolerance: { gates, states: bound, state: bound },
  });
}

const longPasses = ofEveryCell([{ batch: 5, time: 9, hidden: 20, units: 2, lanes: 10 }]);

export const cases: GpuCase[] = [
  ...ofEveryCell([...awkwardSizes, ...stagedSizes]).map((pass) => ({
    name: passName(pass),
    run: async (gpu: Gpu) => {
      await checkPass(gpu, pass, forwardBuffers(pass));
    },
  })),
  ...longPasses.map((long) => ({
    name: `${long.cell.name}: saturated gates (pre-activations ±1e4) stay finite and right`,
    run: async (gpu: Gpu) => {
      const buffers = forwardBuffers(long);
      const gates = buffers.gates.map((value) => Math.sign(value) * 1e4);
      await checkPass(gpu, long, { ...buffers, gates }, forwardTolerance(long, 1e4));
    },
  })),
  {
    name: "activations keep their relative accuracy near 0, across the seam at 1, and far out",
    run: checkActivations,
  },
  ...longPasses.map((long) => ({
    name: `${long.cell.name}: chunks of time give the bits of the whole`,
    run: async (gpu: Gpu) => {
      const buffers = forwardBuffers(long);
      const whole = await playDispatch(gpu, chunk(long, buffers));
      const first = { ...buffers, ...(await playDispatch(gpu, chunk(long, buffers, 0, 4))) };
      const both = await playDispatch(gpu, chunk(long, first, 4, 9));
      for (const name of ["gates", "states", "state"]) compare(name, both[name], whole[name], 0);
    },
  })),
];
