import type { Gpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { Program } from "../../src/plan/program.ts";
import { lossFunctionName, recordLossFunction } from "../fixtures/loss-functions.ts";
import { type LossFunctionFixture, lossFunctionFixtures } from "../fixtures/training.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";

const EPSILON = 2 ** -24;

/** All terms of a loss are at least 0 and round at most sixteen times; its logarithm errs by 2^-21. */
const lossAllowed = (_: number, loss: number): number => 16 * EPSILON * loss + 2 ** -21;

/**
 * A probability is a quotient of exponentials e^-x, which WGSL gives to 3 + 2 x units in the last place: of 1, at most 3
 * units each, two factors above and as much again in the sum below; with additions and the division below 16. That is
 * times what the row counts for, at most a third more than the largest gradient, as some row in each case is wrong for
 * sure. Other gradients round at most four times.
 */
function gradientAllowed({ loss: { kind }, gradient }: LossFunctionFixture): (i: number, wanted: number) => number {
  const largest = Math.max(...gradient.map(Math.abs));
  const probability = kind === "crossEntropy" || kind === "binaryCrossEntropy" ? 16 * 2 * EPSILON * largest : 0;
  return (_, wanted) => probability + 4 * EPSILON * Math.abs(wanted);
}

async function check(gpu: Gpu, fixture: LossFunctionFixture): Promise<void> {
  const { plan, given, loss, gradient } = recordLossFunction(fixture, gpu.target);
  const memory = new Memory(gpu);
  const program = await Program.create(memory, plan);
  try {
    for (const [tensor, elements] of given) program.write(tensor, elements);
    program.run();
    const [value, slopes] = await program.read(loss, gradient);
    compare("loss", value ?? [], [fixture.value], fixture.value === 0 ? 0 : lossAllowed);
    compare("gradient", slopes ?? [], fixture.gradient, gradientAllowed(fixture));
  } finally {
    program.dispose();
    memory.dispose();
  }
}

export const cases: GpuCase[] = lossFunctionFixtures.map((fixture) => ({
  name: `${lossFunctionName(fixture)}: PyTorch's loss and gradient`,
  run: (gpu) => check(gpu, fixture),
}));
