import type { Batch } from "../../src/batch/batch.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { meanAbsoluteError } from "../../src/losses/element-losses.ts";
import { linear } from "../../src/nn/linear.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { fit } from "../../src/train/fit.ts";
import type { FitEvent } from "../../src/train/fit-events.ts";
import type { FitOptions } from "../../src/train/fit-options.ts";
import type { GpuCase } from "./case.ts";
import { host } from "./small-networks.ts";

const model = sequential(linear(2, 1), linear(1, 1));
/** What the second layer multiplies by makes gradients of the first larger than its outputs. */
const from = new Map([
  ["0.weight", host([1, 2], [1e-20, 1e-3])],
  ["0.bias", host([1], [0])],
  ["1.weight", host([1, 1], [1e10])],
  ["1.bias", host([1], [0])],
]);

const batchOf = (first: number, second: number): Batch => ({
  inputs: host([1, 1, 2], [first, second]),
  targets: host([1, 1, 1], [1]),
});
const sound = batchOf(0, 1e-9);
/** Its loss is finite, 1e20, while the gradient of the first weight is 1e40. */
const overflowing = batchOf(1e30, 0);
/** Its loss is not. */
const infinite = batchOf(3e38, 3e38);

/** Plays so many batches, those at the places given others than sound. */
async function played(
  gpu: Gpu,
  length: number,
  others: Record<number, Batch>,
  onNotFinite: NonNullable<FitOptions["onNotFinite"]>,
) {
  const trainer = await createTrainer(gpu, model, {
    ...{ batch: 1, time: 1, loss: meanAbsoluteError(), from },
    optimizer: sgd({ learningRate: 1e-6 }),
  });
  const dataset = Array.from({ length }, (_, i) => others[i + 1] ?? sound);
  const training = fit(trainer, dataset, { onNotFinite });
  const events: FitEvent[] = [];
  for await (const event of training) events.push(event);
  trainer.dispose();
  const refused = events.flatMap((event) => (event.kind === "refused" ? [event.step] : []));
  const steps = events.flatMap((event) => (event.kind === "step" ? [event.step] : []));
  return { refused, steps, last: events.at(-1), factor: training.state.factor };
}

function expectSame(what: string, actual: unknown, wanted: unknown): void {
  if (JSON.stringify(actual) === JSON.stringify(wanted)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`);
}

export const cases: GpuCase[] = [
  {
    name: "a gradient that overflows behind a finite loss is told at its own step, the others with their losses",
    async run(gpu) {
      for (const at of [1, 2, 7]) {
        const { refused, steps } = await played(gpu, 12, { [at]: overflowing }, "skip");
        expectSame("refused", refused, [at]);
        const others = Array.from({ length: 12 }, (_, i) => i + 1).filter((step) => step !== at);
        expectSame("steps", steps, others);
      }
    },
  },
  {
    name: "the policy acts when at most two steps more have been submitted",
    async run(gpu) {
      for (const broken of [overflowing, infinite]) {
        const { refused, last } = await played(gpu, 200, { 7: broken }, "stop");
        expectSame("refused", refused, [7]);
        if (last?.kind !== "stopped" || last.step > 9) throw new Error(`stopped at ${last?.step}`);
      }
    },
  },
  {
    name: "each step that is refused halves the rate, two that are told together as well",
    async run(gpu) {
      const { refused, factor } = await played(gpu, 8, { 4: overflowing, 5: infinite }, "halve");
      expectSame("refused", refused, [4, 5]);
      expectSame("factor", factor, 1 / 4);
    },
  },
];
