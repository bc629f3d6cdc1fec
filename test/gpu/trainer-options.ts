import { RATE } from "../../src/control.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { meanSquaredError } from "../../src/losses/element-losses.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { adagrad } from "../../src/optim/adagrad.ts";
import { adam, adamW } from "../../src/optim/adam.ts";
import type { Optimizer } from "../../src/optim/optimizer.ts";
import { onPlateau } from "../../src/optim/plateau.ts";
import {
  constant,
  cosine,
  exponential,
  oneCycle,
  type Schedule,
  stepDecay,
  warmUp,
} from "../../src/optim/schedules.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { createDifferentiator } from "../../src/run/differentiator.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";
import { createSampler } from "../../src/train/sampler.ts";
import type { Trainer } from "../../src/train/trainer.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { noise } from "./noise.ts";
import { expectRefusal } from "./refusal.ts";
import { expectAllEqual, host } from "./small-networks.ts";

const model = sequential(embedding(5, 4), gru(4, 6), linear(6, 5));
const options: TrainerOptions = { batch: 2, time: 3, optimizer: sgd({ learningRate: 0.5 }), seed: 3 };
const batches = [
  { inputs: [0, 1, 2, 3, 4, 0], targets: [1, 2, 3, 4, 0, 1] },
  { inputs: [4, 4, 1, 0, 2, 3], targets: [4, 1, 0, 2, 3, 1] },
];

const play = (trainer: Trainer, begin: number, end: number): void => {
  for (let i = begin; i < end; i++) trainer.step(batches[i % 2] as (typeof batches)[0]);
};

const rateOf = async (trainer: Trainer): Promise<number> =>
  (await trainer.state()).tensors.get("trainer.control")?.data[RATE] as number;

async function checkRates(gpu: Gpu, schedule: Schedule): Promise<void> {
  const trainer = await createTrainer(gpu, model, { ...options, schedule });
  const rates: number[] = [];
  for (let i = 0; i < 12; i++) {
    play(trainer, i, i + 1);
    rates.push(await rateOf(trainer));
  }
  const wanted = rates.map((_, i) => Math.fround(schedule.at(i)));
  compare("rates", rates, wanted, 0);
  trainer.dispose();
}

const schedules: readonly Schedule[] = [
  constant(0.75),
  stepDecay(3),
  exponential(0.9),
  cosine(8, 0.1),
  warmUp(3, cosine(6)),
  oneCycle(10),
];

/** The weights after some steps. */
async function trained(gpu: Gpu, more: Partial<TrainerOptions>, steps = 6, stop?: number) {
  const all = { ...options, ...more };
  let trainer = await createTrainer(gpu, model, all);
  if (stop !== undefined) {
    play(trainer, 0, stop);
    const [from, resume] = [await trainer.weights(), await trainer.state()];
    trainer.dispose();
    trainer = await createTrainer(gpu, model, { ...all, from, resume });
  }
  play(trainer, stop ?? 0, steps);
  const weights = await trainer.weights();
  trainer.dispose();
  return weights;
}

export const cases: GpuCase[] = [
  ...schedules.map((schedule) => ({
    name: `the rates of a trainer are those of the schedule: ${schedule.kind}`,
    run: (gpu: Gpu) => checkRates(gpu, schedule),
  })),
  {
    name: "half the rate by schedule, by the host or by the optimiser is the same to the last bit",
    async run(gpu) {
      const wanted = await trained(gpu, { optimizer: sgd({ learningRate: 0.25 }) });
      expectAllEqual("schedule", await trained(gpu, { schedule: constant(0.5) }), wanted);
      const trainer = await createTrainer(gpu, model, options);
      const plateau = onPlateau({ factor: 0.5, patience: 0 });
      for (const loss of [1, 1]) trainer.scaleRate(plateau.observe(loss));
      play(trainer, 0, 6);
      expectAllEqual("host", await trainer.weights(), wanted);
      trainer.dispose();
    },
  },
  {
    name: "a learning rate that would take weights beyond float32 loses none, nor a moment",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, { ...options, optimizer: adam({ learningRate: 3e38 }) });
      const moments = async () => {
        const { tensors } = await trainer.state();
        return new Map([...tensors].filter(([name]) => name.startsWith("optimizer.")));
      };
      const before = [await trainer.weights(), await moments()] as const;
      play(trainer, 0, 1);
      expectAllEqual("weights", await trainer.weights(), before[0]);
      expectAllEqual("moments", await moments(), before[1]);
      trainer.dispose();
    },
  },
  {
    name: "a refused step does not move the schedule",
    async run(gpu) {
      const schedule = exponential(0.5);
      const trainer = await createTrainer(gpu, model, { ...options, schedule });
      play(trainer, 0, 2);
      const sound = await trainer.weights();
      trainer.parameters.replace(new Map([["2.bias", host([5], [3e38, -3e38, -3e38, -3e38, -3e38])]]));
      play(trainer, 2, 5);
      trainer.parameters.replace(new Map([["2.bias", sound.get("2.bias") ?? host([5], [])]]));
      expectAllEqual("refused", await trainer.weights(), sound);
      play(trainer, 5, 6);
      compare("rate", [await rateOf(trainer)], [schedule.at(2)], 0);
      const { refused } = await trainer.progress();
      if (refused !== 3) throw new Error(`${refused} steps are refused, not 3`);
      trainer.dispose();
    },
  },
  ...[
    { what: "a schedule", more: { schedule: warmUp(3, cosine(6)) } },
    { what: "Adagrad's first sums", more: { optimizer: adagrad({ initialAccumulator: 0.5, learningRateDecay: 0.5 }) } },
    { what: "three steps for an update", more: { accumulate: 3, schedule: exponential(0.5) } },
    { what: "AMSGrad and frozen layers", more: { optimizer: adamW({ amsgrad: true }), freeze: ["1."] } },
  ].map(({ what, more }) => ({
    name: `a resumed run equals an uninterrupted one to the last bit: ${what}`,
    async run(gpu: Gpu) {
      expectAllEqual(what, await trained(gpu, more, 9, 4), await trained(gpu, more, 9));
    },
  })),
  {
    name: "Adagrad's sums start from what they are told, in a trainer and in a differentiator",
    async run(gpu) {
      const optimizer = adagrad({ learningRate: 2 ** 20, initialAccumulator: 2 ** 40 });
      // The root of 2^40 + g² is 2^20 but for 5 units, and a division adds 2.5: what is left is SGD at rate 1.
      const near = (actual: NamedTensors, wanted: NamedTensors, largest: number): void => {
        for (const [name, { data }] of wanted)
          compare(name, actual.get(name)?.data ?? [], data, (8 * largest + 2) * 2 ** -24);
      };
      const plain = sgd({ learningRate: 1 });
      near(await trained(gpu, { optimizer }, 1), await trained(gpu, { optimizer: plain }, 1), 1);
      const updated = async (of: Optimizer): Promise<NamedTensors> => {
        const network = await createDifferentiator(gpu, model, { batch: 2, time: 3, optimizer: of, seed: 3 });
        const count = [...(await network.weights()).values()].reduce((sum, { data }) => sum + data.length, 0);
        await network.applyFlat(noise(count, 1));
        const weights = await network.weights();
        network.dispose();
        return weights;
      };
      near(await updated(optimizer), await updated(plain), 1);
    },
  },
  {
    name: "frozen layers stay as they are, decay or not, and the others train",
    async run(gpu) {
      const drawn = await trained(gpu, {}, 0);
      const after = await trained(gpu, {
        optimizer: adamW({ weightDecay: 0.5 }),
        freeze: ["1.", "2.bias"],
        clipNorm: 0.1,
      });
      for (const [name, { data }] of after) {
        const frozen = name.startsWith("1.") || name === "2.bias";
        const same = data.every((value, i) => value === drawn.get(name)?.data[i]);
        if (same !== frozen) throw new Error(`${name} ${same ? "has not" : "has"} changed`);
      }
    },
  },
  {
    name: "two equal steps that share an update are worth one, and each has its loss",
    async run(gpu) {
      const [once, twice] = await Promise.all(
        [1, 2].map((accumulate) =>
          createTrainer(gpu, model, { ...options, accumulate, clipNorm: 0.1, clipValue: 0.02 }),
        ),
      );
      if (!once || !twice) throw new Error("no trainers");
      for (const batch of batches) {
        once.step(batch);
        twice.step(batch);
        twice.step(batch);
      }
      const [one, two] = [await once.progress(), await twice.progress()];
      compare(
        "losses",
        two.losses,
        [...one.losses].flatMap((loss) => [loss, loss]),
        0,
      );
      expectAllEqual("weights", await twice.weights(), await once.weights());
      once.dispose();
      twice.dispose();
    },
  },
  {
    name: "what no trainer can do is refused before anything changes",
    async run(gpu) {
      const make = (more: Partial<TrainerOptions>) => () => createTrainer(gpu, model, { ...options, ...more });
      await expectRefusal("freeze: expected parameters among 0.weight", make({ freeze: ["3."] }));
      await expectRefusal("freeze: expected a list of names, got 0.", make({ freeze: "0." as never }));
      await expectRefusal("freeze: expected parameters among 0.weight", make({ freeze: [0 as never] }));
      await expectRefusal(
        "createTrainer: optimizer: expected an optimizer such as",
        make({ optimizer: adamW as never }),
      );
      await expectRefusal("createTrainer: loss: expected a loss such as", make({ loss: meanSquaredError as never }));
      await expectRefusal("createTrainer: accumulate: expected a whole number", make({ accumulate: 0 }));
      await expectRefusal("createTrainer: clipValue: expected", make({ clipValue: -1 }));
      await expectRefusal("createTrainer: schedule: expected a schedule", make({ schedule: {} as Schedule }));
      const falling: Schedule = { kind: "falling", at: (updates) => 1 - updates };
      await expectRefusal(
        "schedule negative: factor of update 0",
        make({ schedule: { ...falling, kind: "negative", at: () => -1 } }),
      );
      const trainer = await createTrainer(gpu, model, { ...options, schedule: falling });
      play(trainer, 0, 2);
      await expectRefusal("schedule falling: factor of update 2: expected", () => play(trainer, 2, 3));
      if (trainer.steps !== 2) throw new Error("a refused step counts");
      await expectRefusal("scaleRate: factor: expected", () => trainer.scaleRate(0));
      trainer.dispose();
    },
  },
  {
    name: "options that are missing, misspelt or not called are refused by name",
    async run(gpu) {
      await expectRefusal("createTrainer: expected an object with any of batch", () => {
        return createTrainer(gpu, model, undefined as never);
      });
      const from = await createTrainer(gpu, model, options);
      const evaluator = (more: unknown) => () => createEvaluator(gpu, model, more as never);
      await expectRefusal("createEvaluator: expected an object with any of batch", evaluator(undefined));
      await expectRefusal("createEvaluator: expected none but", evaluator({ batch: 2, time: 3, from, losses: 1 }));
      const loss = meanSquaredError;
      await expectRefusal("createEvaluator: loss: expected a loss such", evaluator({ batch: 2, time: 3, from, loss }));
      const sampler = (more: unknown) => () => createSampler(gpu, model, more as never);
      await expectRefusal("createSampler: expected an object with any of from", sampler(undefined));
      await expectRefusal("createSampler: expected none but from", sampler({ from, seed: 1 }));
      await expectRefusal("createDifferentiator: optimizer: expected an optimizer such as", () => {
        return createDifferentiator(gpu, model, { batch: 2, time: 3, optimizer: adamW as never });
      });
      from.dispose();
    },
  },
];
