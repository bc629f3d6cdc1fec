import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import { sgd } from "../../src/optim/sgd.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";
import { createSampler } from "../../src/train/sampler.ts";
import { countBuffers } from "./buffers.ts";
import type { GpuCase } from "./case.ts";
import { DISPOSED, expectRefusal } from "./refusal.ts";

const model = sequential(embedding(5, 4), lstm(4, 6), linear(6, 5));
const options: TrainerOptions = { batch: 2, time: 3, optimizer: adam() };
const batch = { inputs: [0, 1, 2, 3, 4, 0], targets: [1, 2, 3, 4, 0, 1] };

async function collect(tokens: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const id of tokens) all.push(id);
  return all;
}

/** A model whose slab of parameters is longer than any device takes. */
const huge = sequential(embedding(5, 4), lstm(4, 60_000), linear(60_000, 5));
const foreign: NamedTensors = new Map([["0.weight", { shape: [2, 2], data: new Float32Array(4) }]]);

export const cases: GpuCase[] = [
  {
    name: "programs free what they made, also when they share weights and are disposed of twice",
    async run(gpu) {
      const { left } = await countBuffers(gpu, async () => {
        const trainer = await createTrainer(gpu, model, options);
        const sampler = await createSampler(gpu, model, { from: trainer });
        const evaluator = await createEvaluator(gpu, model, { batch: 2, time: 3, from: trainer });
        trainer.step(batch);
        const before = await collect(sampler.generate({ prompt: [1], length: 5 }));
        trainer.dispose();
        trainer.dispose();
        const after = await collect(sampler.generate({ prompt: [1], length: 5 }));
        if (after.join() !== before.join()) throw new Error(`the text has changed from ${before} to ${after}`);
        if (!Number.isFinite(await evaluator.loss([batch]))) throw new Error("the evaluator has lost its weights");
        sampler.dispose();
        evaluator.dispose();
      });
      if (left !== 0) throw new Error(`${left} buffers are left`);
    },
  },
  {
    name: "a program that has been disposed of says so, and leaves the device in order",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      const evaluator = await createEvaluator(gpu, model, { batch: 2, time: 3, from: trainer });
      const sampler = await createSampler(gpu, model, { from: trainer });
      trainer.step(batch);
      for (const program of [trainer, evaluator, sampler]) program.dispose();
      await expectRefusal(DISPOSED, () => trainer.step(batch));
      await expectRefusal(DISPOSED, () => trainer.loss());
      await expectRefusal(DISPOSED, () => trainer.weights());
      await expectRefusal(DISPOSED, () => trainer.state());
      await expectRefusal(DISPOSED, () => evaluator.loss([batch]));
      await expectRefusal(DISPOSED, () => collect(sampler.generate({ prompt: [1], length: 2 })));
      await expectRefusal(DISPOSED, () => createSampler(gpu, model, { from: trainer }));
    },
  },
  {
    name: "what is refused leaves no buffer behind",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      const [from, resume] = [await trainer.weights(), await trainer.state()];
      trainer.dispose();
      const refused: [string, Model, Partial<TrainerOptions>][] = [
        ['buffer "parameters": expected at most', huge, {}],
        ['weights: "0.weight": expected a tensor of shape [5, 4], got [2, 2].', model, { from: foreign }],
        ["crossEntropy: classWeights: expected 5", model, { loss: crossEntropy({ classWeights: [1] }) }],
        ["training state: expected that of a trainer", model, { from, resume, optimizer: sgd() }],
        ["createTrainer: from: expected the weights", model, { resume }],
      ];
      const { left } = await countBuffers(gpu, async () => {
        for (const [message, description, given] of refused) {
          await expectRefusal(message, () => createTrainer(gpu, description, { ...options, ...given }));
        }
      });
      if (left !== 0) throw new Error(`${left} buffers are left`);
    },
  },
  {
    name: "losses may be asked for without waiting, and after a resume only the new ones are told",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      const asked = Array.from({ length: 12 }, () => {
        trainer.step(batch);
        return trainer.loss();
      });
      const losses = await Promise.all(asked);
      if (!losses.every(Number.isFinite)) throw new Error(`losses ${losses}`);
      const [from, resume] = [await trainer.weights(), await trainer.state()];
      trainer.dispose();
      const resumed = await createTrainer(gpu, model, { ...options, from, resume });
      resumed.step(batch);
      const progress = await resumed.progress();
      if (progress.losses.length !== 1 || resumed.steps !== 13) throw new Error(`${progress.losses.length} losses`);
      resumed.dispose();
    },
  },
  {
    name: "rows that are not of the announced shape are refused",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      const ragged = [
        [0, 1],
        [2, 3, 4, 0],
      ];
      const turned = [
        [0, 1],
        [2, 3],
        [4, 0],
      ];
      await expectRefusal("inputs: expected ids, in rows of equal length, got rows of 2, 4.", () =>
        trainer.step({ ...batch, inputs: ragged }),
      );
      await expectRefusal("inputs: expected at most batch 2 and time 3, as announced, got batch 3 and time 2.", () =>
        trainer.step({ ...batch, inputs: turned }),
      );
      trainer.step({ inputs: [[0, 1, 2], Int32Array.of(3, 4, 0)], targets: batch.targets });
      if (!Number.isFinite(await trainer.loss())) throw new Error("rows of the right shape give no loss");
      trainer.dispose();
    },
  },
];
