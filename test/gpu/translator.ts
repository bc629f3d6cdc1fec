import type { Gpu } from "../../src/gpu/device.ts";
import { attention } from "../../src/kernels.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import type { EncoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import type { Step } from "../../src/plan/step.ts";
import { createTranslator, type Source, type Translation } from "../../src/run/translator.ts";
import { type HostTensor, type NamedTensors, sizeOf, type Tensor } from "../../src/tensor.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";
import { recordTraining } from "../../src/train/training-plan.ts";
import { readBatch } from "../read-batch.ts";
import { countBuffers } from "./buffers.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { noise } from "./noise.ts";
import { pairModels, TARGETS } from "./pair-models.ts";
import { DISPOSED, expectRefusal } from "./refusal.ts";
import { host } from "./small-networks.ts";
import { lossTolerance } from "./training.ts";

const END = 3;
const LONGEST = 6;
const SOURCE_TIME = 5;

/**
 * How far float32 may take what a step of a target comes to, relative to it: through the steps of the source and those of
 * the target so far, in two layers or in one and attention, of at most 16 inputs and 10 units.
 */
const toleranceAfter = (targetTime: number): number =>
  lossTolerance({ losses: 1, time: SOURCE_TIME + targetTime, layers: 2, operands: 26 });

/**
 * Of a weight of attention. Its scores, which are below 2 here, err as losses do; it follows the difference of two by
 * weight · (1 − weight). Of what makes weights of scores, exp may be 3 + 2|x| units off, 7 here; ten more are for the sum of
 * five and the division.
 */
const weightTolerance = (weight: number, targetTime: number): number =>
  2 * Math.SQRT2 * toleranceAfter(targetTime) * weight * (1 - weight) + 17 * 2 ** -23 * weight;

/** Weights large enough for a model to be sure of something. */
const weightsOf = ({ parameters }: EncoderDecoder): NamedTensors =>
  new Map(parameters.map(({ name, shape }, stream) => [name, host(shape, noise(sizeOf(shape), stream))]));

const source: Source = {
  inputs: [
    [1, 2, 3, 4, 5],
    [6, 0, 1, 0, 0],
    [2, 0, 0, 0, 0],
  ],
  lengths: [5, 3, 1],
};

/** Fails unless each row's score is what the model gives to its ids when it reads them itself. */
async function checkScores(gpu: Gpu, model: EncoderDecoder, from: NamedTensors, { ids, score }: Translation) {
  const sizes = { batch: 1, time: SOURCE_TIME, targetTime: LONGEST };
  const evaluator = await createEvaluator(gpu, model, { ...sizes, from });
  for (const [row, written] of ids.entries()) {
    const targets = [written.length < LONGEST ? [...written, END] : [...written]];
    const [inputs, lengths] = [[(source.inputs as number[][])[row] as number[]], [source.lengths?.[row] as number]];
    const mean = await evaluator.loss([{ inputs, lengths, targets }]);
    const targetTime = targets[0]?.length as number;
    // A score is a sum of losses, to which the translator and the evaluator each come with roundings of their own.
    const relative = Math.SQRT2 * toleranceAfter(targetTime);
    compare(`score of row ${row}`, [score[row] as number], [-mean * targetTime], (_, of) => relative * Math.abs(of));
  }
  evaluator.dispose();
}

/** What the float64 twins look at in a row's source while they write some ids, [T, S]. */
function twinAttention(
  gpu: Gpu,
  model: EncoderDecoder,
  from: NamedTensors,
  row: number,
  ids: readonly number[],
): Float64Array {
  const [layout, loss, memory] = [layOut(model), crossEntropy(), new OracleMemory()];
  const given = { inputs: [(source.inputs as number[][])[row] as number[]], targets: [[...ids]] };
  const lengths = [source.lengths?.[row] as number];
  const sizes = { batch: 1, time: SOURCE_TIME, targetTime: ids.length };
  const device = readBatch(model, loss, { ...given, lengths }, sizes);
  const options = { loss, optimizer: sgd({ learningRate: 0 }), clipNorm: 0, seed: 0, target: gpu.target };
  const recorded = recordTraining(model, layout, { ...device, ...options });
  for (const [name, { data }] of from) memory.write(layout.tensors.get(name) as Tensor, data);
  memory.write(recorded.inputs, device.inputs);
  memory.write(recorded.decoderInputs as Tensor, device.decoderInputs as Uint32Array);
  memory.write(recorded.targets, device.targets);
  memory.write(recorded.mask as Tensor, device.mask as Float32Array);
  playPlan(recorded.plan, memory);
  const { bindings } = recorded.plan.steps.find(({ variant }) => variant.kernel === attention) as Step;
  return (memory.read(bindings.attended as Tensor) as Float64Array).subarray(0, ids.length * SOURCE_TIME);
}

export const cases: GpuCase[] = [
  ...pairModels.slice(2).map(
    ({ name, model }): GpuCase => ({
      name: `${name}: what each id looked at is what the twins look at`,
      async run(gpu) {
        const from = weightsOf(model);
        for (const beams of [1, 4]) {
          const options = { from, end: END, beams, longest: LONGEST, attention: true };
          const translator = await createTranslator(gpu, model, options);
          const { ids, attention: looked = [] } = await translator.run(source);
          translator.dispose();
          if (ids.every(({ length }) => length < 2)) throw new Error("no row has two ids");
          for (const [row, written] of ids.entries()) {
            const { shape, data } = looked[row] as HostTensor;
            compare(`shape of row ${row}`, shape, [written.length, SOURCE_TIME], 0);
            if (written.length === 0) continue;
            const wanted = twinAttention(gpu, model, from, row, written);
            compare(`row ${row}`, data, wanted, (_, weight) => weightTolerance(weight, written.length));
          }
        }
      },
    }),
  ),
  ...pairModels.map(
    ({ name, model }): GpuCase => ({
      name: `${name}: scores are the model's own, and beams find nothing less likely`,
      async run(gpu) {
        const from = weightsOf(model);
        const translations: Translation[] = [];
        for (const beams of [1, 4]) {
          const translator = await createTranslator(gpu, model, { from, end: END, beams, longest: LONGEST });
          const translation = await translator.run(source);
          translations.push(translation);
          await checkScores(gpu, model, from, translation);
          translator.dispose();
        }
        const [greedy, beam] = translations as [Translation, Translation];
        beam.score.forEach((score, row) => {
          // Not so in general: a beam may lose the start of the greedy way. With these weights it does not.
          if (!(score >= (greedy.score[row] as number))) throw new Error(`row ${row}: ${score}, ${greedy.score[row]}`);
        });
        if (beam.score.every((score, row) => score === greedy.score[row])) throw new Error("beams find nothing new");
      },
    }),
  ),
  {
    name: "rows do not touch each other, and a shape is compiled once",
    async run(gpu) {
      const { model } = pairModels[0] as (typeof pairModels)[number];
      const options = { from: weightsOf(model), end: END, beams: 3, longest: LONGEST };
      const translator = await createTranslator(gpu, model, options);
      const together = await translator.run(source);
      const { made } = await countBuffers(gpu, async () => void (await translator.run(source)));
      if (made !== 0) throw new Error(`${made} buffers for a shape that has been before`);
      for (const [row, ids] of together.ids.entries()) {
        const inputs = [(source.inputs as number[][])[row]?.slice(0, source.lengths?.[row]) as number[]];
        const alone = await translator.run({ inputs });
        compare(`ids of row ${row}`, alone.ids[0] as number[], ids, 0);
      }
      translator.dispose();
    },
  },
  {
    name: "what does not fit is refused",
    async run(gpu) {
      const { model } = pairModels[0] as (typeof pairModels)[number];
      const from = weightsOf(model);
      await expectRefusal(`createTranslator: end: expected a whole number from 0 to ${TARGETS - 1}, got 9`, () =>
        createTranslator(gpu, model, { from, end: 9 }),
      );
      await expectRefusal("createTranslator: beams: expected a whole number", () =>
        createTranslator(gpu, model, { from, beams: 0 }),
      );
      await expectRefusal("createTranslator: model: expected a model of encoderDecoder with a start", () =>
        createTranslator(gpu, model.decoder as EncoderDecoder, { from }),
      );
      await expectRefusal("createTranslator: attention: expected false for a model without attention, got true", () =>
        createTranslator(gpu, model, { from, attention: true }),
      );
      const translator = await createTranslator(gpu, model, { from });
      await expectRefusal("inputs: expected ids from 0 to 6, got 7", () => translator.run({ inputs: [[7]] }));
      await expectRefusal("translate: expected none but", () => translator.run({ inputs: [[1]], length: 1 } as Source));
      translator.dispose();
      await expectRefusal(DISPOSED, () => translator.run({ inputs: [[1]] }));
    },
  },
];
