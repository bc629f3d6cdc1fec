import type { Batch } from "../../src/batch/batch.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";
import type { Machine } from "../../src/ops/machine-options.ts";
import { adam } from "../../src/optim/adam.ts";
import { selfTest } from "../../src/oracle/self-test.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import type { Trainer } from "../../src/train/trainer.ts";
import { type Fixture, fixtures, initialOf, modelOf, optimizerOf } from "../fixtures/character-model.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";

const MACHINES: readonly Machine[] = ["scan", "step"];

/**
 * How far float32 may take the losses of a training, relative to them. On the way to one, each step of a layer adds a product
 * for each of its operands and two biases, and its activations count for 64 roundings, since WGSL's exp may be 3 + 2|x|
 * units off. What an update leaves wrong in the weights, which it moves by less than 1 in all, counts as one such way more.
 * n roundings by at most 2^-24 of partial sums, which stay below the loss and average half of it, walk 0.29 √n · 2^-24 away;
 * three and a half such deviations are allowed.
 */
export const lossTolerance = (way: {
  readonly losses: number;
  readonly time: number;
  readonly layers: number;
  /** Inputs and units of a layer. */
  readonly operands: number;
}): number => Math.sqrt(way.losses * way.time * way.layers * (way.operands + 2 + 64)) * 2 ** -24;

/**
 * Of the weights after ten steps, relative to the ten learning rates that Adam moves them by at most. A float32 gradient
 * errs by about 2e-6 of the root mean square of its tensor (see the self-test). Adam divides it by its own size, so that
 * an element fifty times smaller than the root mean square errs by 50 · 2e-6 of its step.
 */
const WEIGHT_TOLERANCE = 1e-4;

function fixtureCase(fixture: Fixture, machine: Machine): GpuCase {
  return {
    name: `${fixture.name} on the ${machine} machine: ten steps equal PyTorch's float64`,
    async run(gpu) {
      const { batch, time, clipNorm, layers, hidden } = fixture;
      const model = modelOf(fixture, machine);
      const options = { batch, time, clipNorm, optimizer: optimizerOf(fixture), from: initialOf(fixture) };
      const trainer = await createTrainer(gpu, model, options);
      fixture.steps.forEach(({ inputs, targets }, i) => {
        trainer.step({ inputs, targets, start: i === 0 });
      });
      const { losses } = await trainer.progress();
      const wanted = fixture.steps.map(({ loss }) => loss);
      const tolerance = lossTolerance({ losses: wanted.length, time, layers, operands: 2 * hidden });
      compare("losses", losses, wanted, (_, loss) => tolerance * loss);
      const weights = await trainer.weights();
      const moved = 10 * fixture.optimizer.learningRate;
      for (const [name, { data }] of Object.entries(fixture.final)) {
        compare(name, weights.get(name)?.data ?? [], data, WEIGHT_TOLERANCE * moved);
      }
      trainer.dispose();
    },
  };
}

const small = sequential(embedding(9, 6), lstm(6, 10, { layers: 2, dropout: 0.3 }), linear(10, 9));
const smallOptions: TrainerOptions = {
  batch: 3,
  time: 5,
  optimizer: adam({ learningRate: 0.01 }),
  clipNorm: 1,
  seed: 7,
};

/** The i-th batch of a stream of ids that repeats from run to run. */
function batchAt(i: number): Batch {
  const ids = Array.from({ length: 16 }, (_, place) => (i * 5 + place * place) % 9);
  return { inputs: ids.slice(0, 15), targets: ids.slice(1), start: i === 0 };
}

function play(trainer: Trainer, begin: number, end: number): void {
  for (let i = begin; i < end; i++) trainer.step(batchAt(i));
}

async function trainSmall(gpu: Gpu, steps: number): Promise<{ losses: Float32Array; weights: NamedTensors }> {
  const trainer = await createTrainer(gpu, small, smallOptions);
  play(trainer, 0, steps);
  const { losses } = await trainer.progress();
  const weights = await trainer.weights();
  trainer.dispose();
  return { losses, weights };
}

export const cases: GpuCase[] = [
  ...MACHINES.flatMap((machine) => fixtures.map((fixture) => fixtureCase(fixture, machine))),
  {
    name: "the self-test passes",
    async run(gpu) {
      const rows = await selfTest(gpu);
      const failed = rows.filter(({ passed }) => !passed);
      if (rows.length === 0) throw new Error("no rows");
      if (failed.length > 0) throw new Error(JSON.stringify(failed));
    },
  },
  {
    name: "the same seed gives the same losses and weights to the last bit",
    async run(gpu) {
      const [first, second] = [await trainSmall(gpu, 8), await trainSmall(gpu, 8)];
      compare("losses", first.losses, second.losses, 0);
      for (const [name, { data }] of first.weights) compare(name, data, second.weights.get(name)?.data ?? [], 0);
    },
  },
  {
    name: "a resumed run equals an uninterrupted one to the last bit",
    async run(gpu) {
      const whole = await trainSmall(gpu, 8);
      const before = await createTrainer(gpu, small, smallOptions);
      play(before, 0, 3);
      const [from, resume] = [await before.weights(), await before.state()];
      before.dispose();
      const after = await createTrainer(gpu, small, { ...smallOptions, from, resume });
      play(after, 3, 8);
      const { losses } = await after.progress();
      compare("losses", losses.slice(-5), whole.losses.slice(3), 0);
      for (const [name, { data }] of await after.weights()) compare(name, data, whole.weights.get(name)?.data ?? [], 0);
      after.dispose();
    },
  },
  {
    name: "a step whose loss is not finite changes nothing and is counted",
    async run(gpu) {
      const trainer = await createTrainer(gpu, small, smallOptions);
      play(trainer, 0, 2);
      const [sound, state] = [new Map(await trainer.weights()), await trainer.state()];
      trainer.dispose();
      const bias = new Float32Array(9).fill(-3e38); // so that their distance to the first logit overflows
      bias[0] = 3e38;
      sound.set("2.bias", { shape: [9], data: bias });
      const spoilt = await createTrainer(gpu, small, { ...smallOptions, from: sound, resume: state });
      play(spoilt, 2, 4);
      const { refused } = await spoilt.progress();
      if (refused !== 2) throw new Error(`${refused} steps are refused, not 2`);
      for (const [name, { data }] of await spoilt.weights()) compare(name, data, sound.get(name)?.data ?? [], 0);
      const after = await spoilt.state();
      for (const [name, { data }] of state.tensors) {
        if (name.startsWith("optimizer.")) compare(name, after.tensors.get(name)?.data ?? [], data, 0);
      }
      spoilt.dispose();
    },
  },
  {
    name: "wrong ids are refused before anything is written",
    async run(gpu) {
      const trainer = await createTrainer(gpu, small, smallOptions);
      const good = batchAt(0);
      const wrong: [Batch, string][] = [
        [
          { ...good, inputs: [1, 2] },
          "inputs: expected 15 ids (batch 3 × time 5), got 2. Give a smaller batch in rows.",
        ],
        [{ ...good, targets: Array(15).fill(9) }, "targets: expected ids from 0 to 8, got 9 at place 0."],
      ];
      for (const [batch, message] of wrong) {
        try {
          trainer.step(batch);
        } catch (error) {
          if ((error as Error).message === message) continue;
          throw error;
        }
        throw new Error(`not refused: ${message}`);
      }
      if (trainer.steps !== 0) throw new Error("a refused batch counts as a step");
      trainer.dispose();
    },
  },
];
