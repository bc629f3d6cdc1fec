import type { Batch } from "../../src/batch/batch.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { type CheckpointTraining, readCheckpoint, writeCheckpoint } from "../../src/io/checkpoint.ts";
import { resumeTraining, trainingCheckpoint } from "../../src/io/training-checkpoint.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { huber } from "../../src/losses/element-losses.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { lastStep } from "../../src/nn/pooling.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import { adagrad } from "../../src/optim/adagrad.ts";
import { adamW } from "../../src/optim/adam.ts";
import { rmsprop } from "../../src/optim/rmsprop.ts";
import { constant, cosine, exponential, oneCycle, stepDecay, warmUp } from "../../src/optim/schedules.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import type { Trainer } from "../../src/train/trainer.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { expectRefusal } from "./refusal.ts";
import { expectAllEqual, random } from "./small-networks.ts";

const size = { batch: 2, time: 3, seed: 5 };
const writer = sequential(embedding(5, 4), lstm(4, 6, { dropout: 0.2, layers: 2 }), linear(6, 5));
const judge = sequential(gru(2, 4, { bidirectional: true, zoneout: 0.1 }), lastStep(), linear(8, 1));

const texts = (i: number): Batch => {
  const ids = Array.from({ length: 7 }, (_, place) => (place * place + i) % 5);
  return { inputs: ids.slice(0, 6), targets: ids.slice(1), start: i === 0 };
};
const rows = (i: number): Batch => ({
  inputs: random([2, 3, 2], i),
  targets: random([2, 1], 50 + i),
  lengths: [1 + (i % 3), 3],
});

/** Every optimiser, loss and schedule that a file describes at least once, with what else a trainer keeps. */
const TRAININGS: Readonly<Record<string, [Model, (i: number) => Batch, Omit<TrainerOptions, "batch" | "time">]>> = {
  "AdamW, warm-up and cosine, carried states": [
    writer,
    texts,
    { optimizer: adamW({ amsgrad: true }), schedule: warmUp(2, cosine(5)), clipNorm: 1 },
  ],
  "SGD, label smoothing, accumulated": [
    writer,
    texts,
    {
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
      loss: crossEntropy({ labelSmoothing: 0.1, classWeights: [1, 2, 1, 1, 1], ignoreIndex: 4 }),
      schedule: stepDecay(2),
      accumulate: 2,
    },
  ],
  "Adagrad, Huber, lengths": [
    judge,
    rows,
    {
      optimizer: adagrad({ learningRate: 0.1, initialAccumulator: 0.1 }),
      loss: huber({ delta: 0.5 }),
      schedule: exponential(0.9),
    },
  ],
  "RMSprop, one cycle, frozen": [
    writer,
    texts,
    { optimizer: rmsprop({ centered: true, momentum: 0.5 }), schedule: oneCycle(8), freeze: ["0."], clipValue: 0.1 },
  ],
  "losses that flow back through three batches": [
    writer,
    (i) => ({ ...texts(i), start: false }),
    { optimizer: sgd({ learningRate: 0.1 }), window: 9 },
  ],
  "a constant rate": [writer, texts, { optimizer: sgd(), schedule: constant(0.5) }],
};

function play(trainer: Trainer, batchOf: (i: number) => Batch, begin: number, end: number): void {
  for (let i = begin; i < end; i++) trainer.step(batchOf(i));
}

async function resumeCase(gpu: Gpu, name: string): Promise<void> {
  const [model, batchOf, options] = TRAININGS[name] as (typeof TRAININGS)[string];
  const whole = await createTrainer(gpu, model, { ...size, ...options });
  play(whole, batchOf, 0, 7);
  const before = await createTrainer(gpu, model, { ...size, ...options });
  play(before, batchOf, 0, 3);
  const bytes = await trainingCheckpoint(before, { notes: { cursor: 3 } });
  const { trainer: after, exact, notes } = await resumeTraining(gpu, bytes);
  if (!exact || JSON.stringify(notes) !== '{"cursor":3}') throw new Error(`exact ${exact}, ${JSON.stringify(notes)}`);
  play(after, batchOf, 3, 7);
  compare("losses", (await after.progress()).losses, (await whole.progress()).losses.slice(3), 0);
  expectAllEqual("weights", await after.weights(), await whole.weights());
  for (const trainer of [whole, before, after]) trainer.dispose();
}

export const cases: GpuCase[] = [
  ...Object.keys(TRAININGS).map((name) => ({
    name: `from its file a training goes on to the last bit: ${name}`,
    run: (gpu: Gpu) => resumeCase(gpu, name),
  })),
  {
    name: "a schedule of one's own is given again, and a file that is no training is refused",
    async run(gpu) {
      const schedule = { kind: "sawtooth", at: (updates: number) => 1 - (updates % 3) / 3 };
      const trainer = await createTrainer(gpu, writer, { ...size, optimizer: sgd(), schedule });
      play(trainer, texts, 0, 2);
      const bytes = await trainingCheckpoint(trainer);
      await expectRefusal("trainingCheckpoint: expected none but vocabulary, fit, notes, got note.", () => {
        return trainingCheckpoint(trainer, { note: 1 } as object);
      });
      for (const notes of [{ a: 1n }, () => 1]) {
        await expectRefusal("trainingCheckpoint: notes: expected plain JSON, got", () =>
          trainingCheckpoint(trainer, { notes }),
        );
      }
      await expectRefusal("resumeTraining: expected none but", () => resumeTraining(gpu, bytes, { rate: 1 } as object));
      trainer.dispose();
      await expectRefusal("checkpoint: schedule: expected one of constant, cosine", () => resumeTraining(gpu, bytes));
      const again = await resumeTraining(gpu, bytes, { schedule });
      if (!again.exact || again.trainer.steps !== 2) throw new Error(`${again.exact}, ${again.trainer.steps} steps`);
      again.trainer.dispose();
      const { training: _, ...rest } = readCheckpoint(bytes);
      const weights = writeCheckpoint(rest);
      await expectRefusal("checkpoint: expected one of a training", () => resumeTraining(gpu, weights));
      await expectRefusal("safetensors tensor", () => resumeTraining(gpu, bytes.slice(0, -9)));
    },
  },
  {
    name: "what is given in place of the file's is exact where it is the same, and only there",
    async run(gpu) {
      const [optimizer, schedule] = [sgd({ learningRate: 0.1 }), cosine(5)];
      const trainer = await createTrainer(gpu, writer, { ...size, optimizer, schedule });
      const bytes = await trainingCheckpoint(trainer);
      trainer.dispose();
      const given: readonly [boolean, Parameters<typeof resumeTraining>[2]][] = [
        [true, { optimizer: sgd({ learningRate: 0.1 }), schedule: cosine(5), loss: crossEntropy() }],
        [false, { optimizer: sgd({ learningRate: 0.2 }) }],
        [false, { schedule: cosine(6) }],
        [false, { schedule: constant() }],
        [false, { loss: crossEntropy({ labelSmoothing: 0.1 }) }],
      ];
      for (const [i, [wanted, own]] of given.entries()) {
        const { trainer: again, exact } = await resumeTraining(gpu, bytes, own);
        if (exact !== wanted) throw new Error(`${i}: exact ${exact}`);
        again.dispose();
      }
    },
  },
  {
    name: "steps that are submitted while a checkpoint is read are not in it",
    async run(gpu) {
      const trainer = await createTrainer(gpu, writer, {
        ...size,
        optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      });
      play(trainer, texts, 0, 3);
      const wanted = await trainingCheckpoint(trainer);
      const reading = trainingCheckpoint(trainer);
      let read = false;
      reading.then(() => {
        read = true;
      });
      for (let i = 3; !read; i++) {
        trainer.step(texts(i));
        await trainer.ready();
      }
      compare("bytes", await reading, wanted, 0);
      trainer.dispose();
    },
  },
  {
    name: "a file of another adapter goes on within rounding, and says so",
    async run(gpu) {
      const trainer = await createTrainer(gpu, writer, { ...size, optimizer: sgd() });
      const checkpoint = readCheckpoint(await trainingCheckpoint(trainer));
      trainer.dispose();
      const training = checkpoint.training as CheckpointTraining;
      const moved = { ...training, options: { ...training.options, adapter: "another" } };
      const again = await resumeTraining(gpu, writeCheckpoint({ ...checkpoint, training: moved }));
      if (again.exact) throw new Error("it says that it goes on to the last bit");
      again.trainer.dispose();
    },
  },
];
