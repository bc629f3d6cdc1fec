import type { Batch } from "../../src/batch/batch.ts";
import { type Gpu, openDevice } from "../../src/gpu/device.ts";
import { resumeTraining, trainingCheckpoint } from "../../src/io/training-checkpoint.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { MACHINES, type Machine } from "../../src/ops/machine-options.ts";
import { adam } from "../../src/optim/adam.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import type { Trainer } from "../../src/train/trainer.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { expectAllEqual } from "./small-networks.ts";

const [B, T, V] = [2, 40, 7];

/** Peepholes, because the sums of their gradients grow from chunk to chunk. */
const modelOn = (machine: Machine) =>
  sequential(embedding(V, 8), lstm(8, 64, { machine, peepholes: true, dropout: 0.2, layers: 2 }), linear(64, V));

const options: TrainerOptions = { batch: B, time: T, optimizer: adam({ learningRate: 0.01 }), clipNorm: 1, seed: 3 };

function batchAt(i: number): Batch {
  const ids = Array.from({ length: B * T + 1 }, (_, place) => (place * place + 3 * i) % V);
  return { inputs: ids.slice(0, B * T), targets: ids.slice(1), start: i === 0 };
}

function play(trainer: Trainer, begin: number, end: number): void {
  for (let i = begin; i < end; i++) trainer.step(batchAt(i));
}

/** The same device, whose submits are short; on a software adapter a chunk of time is a few steps then. */
const slicing = (gpu: Gpu): Promise<Gpu> => openDevice({ gpu: gpu.device, budget: 1 });

export const cases: readonly GpuCase[] = MACHINES.flatMap((machine) => [
  {
    name: `${machine}: a step that is cut into many submits gives the same bits, and its checkpoint goes on exactly`,
    async run(gpu) {
      const model = modelOn(machine);
      const whole = await createTrainer(gpu, model, options);
      const sliced = await createTrainer(await slicing(gpu), model, options);
      if (whole.plan.submits !== 1) throw new Error(`${whole.plan.submits} submits of a short step`);
      const [once, often] = [whole.plan.steps.length, sliced.plan.steps.length];
      const cut = sliced.plan.submits > 4 && (machine === "step" || often > once + 4);
      if (gpu.adapter.software && !cut) throw new Error(`${sliced.plan.submits} submits of ${often} dispatches`);
      play(whole, 0, 4);
      play(sliced, 0, 2);
      const bytes = await trainingCheckpoint(sliced);
      play(sliced, 2, 4);
      const { trainer: after, exact } = await resumeTraining(gpu, bytes);
      if (!exact) throw new Error("a step that is cut elsewhere counts as another");
      play(after, 2, 4);
      const { losses } = await whole.progress();
      compare("losses", (await sliced.progress()).losses, losses, 0);
      compare("losses gone on with", (await after.progress()).losses, losses.slice(2), 0);
      expectAllEqual("weights", await sliced.weights(), await whole.weights());
      expectAllEqual("weights gone on with", await after.weights(), await whole.weights());
      for (const trainer of [whole, sliced, after]) trainer.dispose();
    },
  },
  {
    name: `${machine}: a step that is cut and not finite changes nothing`,
    async run(gpu) {
      const trainer = await createTrainer(await slicing(gpu), modelOn(machine), options);
      play(trainer, 0, 1);
      const sound = await trainer.weights();
      const bias = new Float32Array(V).fill(-3e38);
      bias[0] = 3e38;
      trainer.parameters.replace(new Map([["2.bias", { shape: [V], data: bias }]]));
      const spoilt = await trainer.weights();
      play(trainer, 1, 3);
      if ((await trainer.progress()).refused !== 2) throw new Error("not refused");
      expectAllEqual("weights", await trainer.weights(), spoilt);
      trainer.parameters.replace(sound);
      play(trainer, 3, 4);
      const { refused, losses } = await trainer.progress();
      if (refused !== 2 || !Number.isFinite(losses.at(-1)))
        throw new Error(`${refused} refused, then ${losses.at(-1)}`);
      trainer.dispose();
    },
  },
]);
