import type { Batch } from "../../src/batch/batch.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { resumeTraining, trainingCheckpoint } from "../../src/io/training-checkpoint.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import type { EncoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { adam } from "../../src/optim/adam.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import { createPredictor } from "../../src/run/predictor.ts";
import type { Tensor } from "../../src/tensor.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";
import { fit as train } from "../../src/train/fit.ts";
import { createSampler } from "../../src/train/sampler.ts";
import { recordTraining, trainingTensors } from "../../src/train/training-plan.ts";
import { readBatch } from "../read-batch.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { randomIds } from "./noise.ts";
import { pairModels as models, SOURCE, TARGETS } from "./pair-models.ts";
import { expectRefusal } from "./refusal.ts";
import { lossTolerance } from "./training.ts";

const SIZES = { batch: 3, time: 6, targetTime: 5 };
const LEARNING_RATE = 0.5;
const STEPS = 5;

/** An encoder's steps and a decoder's, in two layers or in one and attention, of at most 16 inputs and 10 units. */
const LOSS_TOLERANCE = lossTolerance({ losses: STEPS, time: SIZES.time + SIZES.targetTime, layers: 2, operands: 26 });

/**
 * Of the weights after all steps, relative to the longest way of a weight of their tensor: ten times what a float32 gradient
 * errs by (see the self-test). Each step rounds the weight as well. Not with Adam, which divides small gradients, such as
 * those of fresh scores, by their own size.
 */
const WEIGHT_TOLERANCE = 2e-5;

/** Rows of random ids, with lengths or without. */
function batchAt(i: number): Batch {
  const rows = (stream: number, time: number, below: number): number[][] =>
    Array.from({ length: SIZES.batch }, (_, row) => [...randomIds(time, 10 * i + 3 * stream + row, below)]);
  const lengths = i % 2 === 0 ? {} : { lengths: [6, 1, 4], targetLengths: [2, 5, 3] };
  return { inputs: rows(0, SIZES.time, SOURCE), targets: rows(1, SIZES.targetTime, TARGETS), ...lengths };
}

/** What the float64 twins make of the batches, from the same weights. */
function twinLosses(gpu: Gpu, model: EncoderDecoder): { losses: number[]; weights: Map<string, Float64Array> } {
  const [loss, memory] = [crossEntropy(), new OracleMemory()];
  const parts = (i: number) => readBatch(model, loss, batchAt(i), SIZES);
  const options = { loss, optimizer: sgd({ learningRate: LEARNING_RATE }), clipNorm: 1, seed: 0, target: gpu.target };
  const layout = layOut(model);
  const shared = trainingTensors(layout, options);
  for (const [name, { data }] of initialWeights(model, 0)) memory.write(layout.tensors.get(name) as Tensor, data);
  const losses = Array.from({ length: STEPS }, (_, i) => {
    const given = parts(i);
    const recorded = recordTraining(model, layout, { ...given, ...options, tensors: shared });
    const written = [
      [recorded.inputs, given.inputs],
      [recorded.decoderInputs, given.decoderInputs],
      [recorded.targets, given.targets],
      [recorded.mask, given.mask],
      [recorded.weights, given.weights],
    ] as const;
    for (const [to, elements] of written) if (to && elements) memory.write(to, elements);
    playPlan(recorded.plan, memory);
    return memory.read(recorded.control)[0] as number;
  });
  const weights = [...layout.tensors].map(([name, tensor]) => [name, memory.read(tensor) as Float64Array] as const);
  return { losses, weights: new Map(weights) };
}

export const cases: GpuCase[] = [
  ...models.map(
    ({ name, model }): GpuCase => ({
      name: `${name}: training steps equal those of the float64 twins`,
      async run(gpu) {
        const optimizer = sgd({ learningRate: LEARNING_RATE });
        const trainer = await createTrainer(gpu, model, { ...SIZES, optimizer, clipNorm: 1 });
        for (let i = 0; i < STEPS; i++) trainer.step(batchAt(i));
        const wanted = twinLosses(gpu, model);
        const { losses } = await trainer.progress();
        compare("losses", losses, wanted.losses, (_, loss) => LOSS_TOLERANCE * loss);
        const before = initialWeights(model, 0);
        for (const [weight, { data }] of await trainer.weights()) {
          const after = wanted.weights.get(weight) ?? new Float64Array();
          const moved = after.reduce(
            (most, value, i) => Math.max(most, Math.abs(value - (before.get(weight)?.data[i] as number))),
            0,
          );
          compare(weight, data, after, (_, value) => WEIGHT_TOLERANCE * moved + STEPS * 2 ** -24 * Math.abs(value));
        }
        trainer.dispose();
      },
    }),
  ),
  {
    name: "the evaluator measures what the trainer lowers",
    async run(gpu) {
      const { model } = models[1] as (typeof models)[number];
      const trainer = await createTrainer(gpu, model, { ...SIZES, optimizer: adam({ learningRate: 0.02 }) });
      const evaluator = await createEvaluator(gpu, model, { ...SIZES, from: trainer });
      const before = await evaluator.loss([batchAt(1)]);
      trainer.step(batchAt(1));
      compare("loss", [await trainer.loss()], [before], 1e-6 * before); // the same sums, in the same order or nearly
      for (let i = 0; i < 40; i++) trainer.step(batchAt(1));
      const after = await evaluator.loss([batchAt(1)]);
      if (!(after < 0.5 * before)) throw new Error(`${before} → ${after}`);
      for (const program of [evaluator, trainer]) program.dispose();
    },
  },
  {
    name: "a training goes on from its file to the last bit, and fits with validation",
    async run(gpu) {
      const { model } = models[2] as (typeof models)[number];
      const trainer = await createTrainer(gpu, model, { ...SIZES, optimizer: adam() });
      trainer.step(batchAt(0));
      const { trainer: resumed } = await resumeTraining(gpu, await trainingCheckpoint(trainer));
      for (const going of [trainer, resumed]) {
        for await (const event of train(going, [batchAt(1), batchAt(2)], {
          validation: [batchAt(3)],
          keepBest: false,
        })) {
          if (event.kind === "refused") throw new Error(`step ${event.step} was refused`);
        }
      }
      const weights = await resumed.weights();
      for (const [name, { data }] of await trainer.weights()) compare(name, weights.get(name)?.data ?? [], data, 0);
      for (const going of [trainer, resumed]) going.dispose();
    },
  },
  {
    name: "what is made for one sequence refuses two, and the other way round",
    async run(gpu) {
      const { model } = models[0] as (typeof models)[number];
      const [from, optimizer] = [initialWeights(model, 0), adam()];
      await expectRefusal("createPredictor: expected a model of one sequence", () =>
        createPredictor(gpu, model, { from }),
      );
      await expectRefusal("createSampler: expected a model of one sequence", () => createSampler(gpu, model, { from }));
      await expectRefusal("createTrainer: targetTime: expected a whole number", () =>
        createTrainer(gpu, model, { batch: 3, time: 6, optimizer }),
      );
      await expectRefusal("createTrainer: targetTime: expected none for a model of one sequence", () =>
        createTrainer(gpu, model.decoder, { ...SIZES, optimizer }),
      );
    },
  },
];
