import type { Machine } from "../../src/ops/machine-options.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import {
  batchesOf,
  changesOf,
  initialOf,
  lossNamed,
  machinesOf,
  modelOf,
  optimizerOf,
  type TrainingFixture,
  trainingFixtures,
} from "../fixtures/training.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";

/**
 * What is allowed, in errors of PyTorch's own float32 run of the case, which rounds as often: its exponentials are right
 * to a unit in the last place, those of WGSL to 3 + 2 |x| units, 11 to 15 at the |x| of 4 to 6 that gates and logits have.
 * Those errors are at most 1.4e-6 of a loss and 1.9e-5 of the largest change of a tensor.
 */
const TIMES = 16;

/** WGSL's logarithm errs by 2^-21 near 1, twice where a loss takes the sum of exponentials in two parts. */
const LOGARITHM = 2 ** -20;

function fixtureCase(fixture: TrainingFixture, machine: Machine): GpuCase {
  return {
    name: `${fixture.name} on the ${machine} machine: sixty steps equal PyTorch's float64`,
    async run(gpu) {
      const { batch, time, targetTime, window = time, clipNorm } = fixture;
      const [model, loss] = [modelOf(fixture, machine), lossNamed(fixture.loss)];
      const from = initialOf(fixture, model);
      const options = { batch, time, targetTime, window, clipNorm, loss, optimizer: optimizerOf(fixture), from };
      const trainer = await createTrainer(gpu, model, options);
      for (const step of batchesOf(fixture)) {
        await trainer.ready();
        trainer.step(step);
      }
      const { losses } = await trainer.progress();
      const weights = new Map([...(await trainer.weights())].map(([name, { data }]) => [name, data]));
      trainer.dispose();
      const { float32Error } = fixture;
      const allowed = (_: number, loss: number): number => TIMES * float32Error.losses * loss + LOGARITHM;
      compare("losses", losses, fixture.losses, allowed);
      for (const { name, actual, wanted, largest } of changesOf(fixture, from, weights)) {
        compare(name, actual, wanted, TIMES * float32Error.changes * largest);
      }
    },
  };
}

export const cases: GpuCase[] = trainingFixtures.flatMap((fixture) =>
  machinesOf(fixture).map((machine) => fixtureCase(fixture, machine)),
);
