import type { Gpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import { Program } from "../../src/plan/program.ts";
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

export const cases: GpuCase[] = optimizerFixtures.map((fixture) => ({
  name: `${STEPS} steps of ${nameOf(fixture)}`,
  run: (gpu) => checkSteps(gpu, fixture),
}));
