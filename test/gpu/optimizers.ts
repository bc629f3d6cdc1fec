import { NORM } from "../../src/control.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import { Program } from "../../src/plan/program.ts";
import { sizeOf } from "../../src/tensor.ts";
import {
  LENGTH,
  nameOf,
  type OptimizerFixture,
  optimizerFixtures,
  optimizerOf,
  STEPS,
  streamOf,
  updateOf,
} from "../fixtures/optimizers.ts";
import type { GpuCase } from "./case.ts";
import { compare, type Elements } from "./check.ts";
import { noise } from "./noise.ts";

const EPSILON = 2 ** -24;

/**
 * An update rounds at most 64 times (see the cases of one dispatch), relative to the largest there is. What a moment has
 * rounded before stays in it: three times a step, so that step t adds 3t. A parameter rounds three times a step. Decay
 * only shrinks what errors are there.
 * @param update the largest change of a parameter in a step
 * @param parameter the largest parameter
 */
const toleranceOf = (update: number, parameter: number): number =>
  (STEPS * 64 * update + ((3 * STEPS ** 2) / 2) * update + 3 * STEPS * parameter) * EPSILON;

async function checkSteps(gpu: Gpu, fixture: OptimizerFixture): Promise<void> {
  const { plan, parameters, gradients, initial } = updateOf({ optimizer: optimizerOf(fixture) });
  const rounded = plan.steps.map((step) => ({
    ...step,
    dims: Object.fromEntries(Object.entries(step.dims).map(([name, value]) => [name, Math.fround(value)])),
  }));
  const oracle = new OracleMemory();
  const memory = new Memory(gpu);
  const program = await Program.create(memory, plan);
  try {
    for (const [to, values] of [[parameters, streamOf(0)] as const, ...initial]) {
      oracle.write(to, values);
      program.write(to, values);
    }
    let [update, largest] = [0, 0];
    for (let step = 1; step <= STEPS; step++) {
      const before = oracle.read(parameters);
      oracle.write(gradients, streamOf(step));
      playPlan({ steps: rounded, zeros: [] }, oracle);
      oracle.view(parameters).forEach((value, i) => {
        update = Math.max(update, Math.abs(value - (before[i] as number)));
        largest = Math.max(largest, Math.abs(value));
      });
      program.write(gradients, streamOf(step));
      program.run();
    }
    const [after] = (await program.read(parameters)) as [Elements];
    compare(
      "parameters",
      after.slice(0, LENGTH),
      oracle.read(parameters).slice(0, LENGTH),
      toleranceOf(update, largest),
    );
  } finally {
    program.dispose();
    memory.dispose();
  }
}

/**
 * One update of three parameters, clipped to norm 1, with gradients up to `size`. The norm is rounded at most 64 + 4 times
 * for its terms, halved by the root, and 23 times on its way (see clip.ts); the update, of at most 0.125, adds 9 from
 * scale and rate. A parameter rounds once, below 2.
 */
async function checkClipped(gpu: Gpu, size: number, freeze: readonly string[] = []): Promise<void> {
  const options = { optimizer: sgd({ learningRate: 0.125 }), clipNorm: 1, freeze };
  const { plan, parameters, gradients, control } = updateOf(options, 3);
  const oracle = new OracleMemory();
  const memory = new Memory(gpu);
  const program = await Program.create(memory, plan);
  try {
    [parameters, gradients].forEach((to, stream) => {
      const values = noise(sizeOf(to.shape), stream, stream === 0 ? 1 : size);
      oracle.write(to, values);
      program.write(to, values);
    });
    for (let step = 0; step < 2; step++) {
      playPlan(plan, oracle);
      program.run();
    }
    const [after, steering] = (await program.read(parameters, control)) as [Elements, Elements];
    const norm = oracle.read(control)[NORM] as number;
    if (!(Number.isFinite(norm) && norm > size)) throw new Error(`the twin's norm is ${norm}`);
    compare("norm", [steering[NORM] as number], [norm], 57 * EPSILON * norm);
    compare("parameters", after, oracle.read(parameters), 2 * ((57 + 9) * 0.125 + 2) * EPSILON);
  } finally {
    program.dispose();
    memory.dispose();
  }
}

export const cases: GpuCase[] = [
  ...optimizerFixtures.map((fixture) => ({
    name: `${STEPS} steps of ${nameOf(fixture)}`,
    run: (gpu: Gpu) => checkSteps(gpu, fixture),
  })),
  { name: "gradients of 1e25 are clipped as any others", run: (gpu) => checkClipped(gpu, 1e25) },
  { name: "and so are gradients near float32's largest", run: (gpu) => checkClipped(gpu, 1e37) },
  {
    name: "stretches between frozen parameters have their norm together",
    run: (gpu) => checkClipped(gpu, 100, ["1.weight"]),
  },
];
