import type { Gpu } from "../../src/gpu/device.ts";
import type { EncoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { createTranslator, type Source, type Translation } from "../../src/run/translator.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { sizeOf } from "../../src/tensor.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";
import { countBuffers } from "./buffers.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { noise } from "./noise.ts";
import { pairModels, TARGETS } from "./pair-models.ts";
import { DISPOSED, expectRefusal } from "./refusal.ts";
import { host } from "./small-networks.ts";

const END = 3;
const LONGEST = 6;

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
  const sizes = { batch: 1, time: 5, targetTime: LONGEST };
  const evaluator = await createEvaluator(gpu, model, { ...sizes, from });
  for (const [row, written] of ids.entries()) {
    const targets = [written.length < LONGEST ? [...written, END] : [...written]];
    const [inputs, lengths] = [[(source.inputs as number[][])[row] as number[]], [source.lengths?.[row] as number]];
    const mean = await evaluator.loss([{ inputs, lengths, targets }]);
    // Logits of up to ten are rounded to 2^-20 or so, at every step.
    compare(`score of row ${row}`, [score[row] as number], [-mean * (targets[0]?.length as number)], 1e-5 * LONGEST);
  }
  evaluator.dispose();
}

export const cases: GpuCase[] = [
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
      const translator = await createTranslator(gpu, model, { from });
      await expectRefusal("inputs: expected ids from 0 to 6, got 7", () => translator.run({ inputs: [[7]] }));
      await expectRefusal("translate: expected none but", () => translator.run({ inputs: [[1]], length: 1 } as Source));
      translator.dispose();
      await expectRefusal(DISPOSED, () => translator.run({ inputs: [[1]] }));
    },
  },
];
