import { embedding } from "../../src/nn/embedding.ts";
import { encoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import { createTranslator } from "../../src/run/translator.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import type { GpuCase } from "./case.ts";
import { randomIds } from "./noise.ts";

const DIGITS = 8;
const [START, END] = [DIGITS, DIGITS + 1];
const LONGEST = 3;
const BATCH = 16;

/** Numbers of 2 or 3 digits, and the same read backwards. */
function numbers(stream: number) {
  const lengths = Array.from(randomIds(BATCH, 2 * stream, LONGEST - 1), (extra) => 2 + extra);
  const digits = randomIds(BATCH * LONGEST, 2 * stream + 1, DIGITS);
  const padded = (ids: readonly number[], length: number): number[] => [...ids, ...Array(length - ids.length).fill(0)];
  const sources = lengths.map((length, row) => [...digits.subarray(row * LONGEST, row * LONGEST + length)]);
  const reversed = sources.map((ids) => ids.toReversed());
  return {
    reversed,
    batch: {
      inputs: sources.map((ids) => padded(ids, LONGEST)),
      lengths,
      targets: reversed.map((ids) => padded([...ids, END], LONGEST + 1)),
      targetLengths: lengths.map((length) => length + 1),
    },
  };
}

export const cases: GpuCase[] = [
  {
    name: "an encoder and a decoder learn to read numbers backwards",
    async run(gpu) {
      const model = encoderDecoder({
        encoder: sequential(embedding(DIGITS, 12), gru(12, 12, { direction: "bidirectional" })),
        decoder: sequential(embedding(DIGITS + 2, 12), gru(12, 24), linear(24, DIGITS + 2)),
        start: START,
        attention: "additive",
      });
      const sizes = { batch: BATCH, time: LONGEST, targetTime: LONGEST + 1 };
      const trainer = await createTrainer(gpu, model, {
        ...sizes,
        optimizer: adam({ learningRate: 0.015 }),
        clipNorm: 1,
      });
      for (let step = 0; step < 240; step++) {
        trainer.step(numbers(step).batch);
        await trainer.ready();
      }
      const options = { from: trainer, end: END, longest: LONGEST + 1 };
      const greedy = await createTranslator(gpu, model, options);
      const beam = await createTranslator(gpu, model, { ...options, beams: 3 });
      let [right, rows] = [0, 0];
      for (let i = 0; i < 4; i++) {
        const { batch, reversed } = numbers(1_000_000 + i);
        const { inputs, lengths } = batch;
        const found = await greedy.run({ inputs, lengths });
        right += found.ids.filter((ids, row) => String(ids) === String(reversed[row])).length;
        rows += BATCH;
        const better = await beam.run({ inputs, lengths });
        // Both logarithms are sums of as many float32 numbers.
        better.score.forEach((score, row) => {
          if (score < (found.score[row] as number) - 1e-5) throw new Error(`${score} < ${found.score[row]}`);
        });
      }
      if (!(right > 0.95 * rows)) throw new Error(`${right} of ${rows}`);
      for (const program of [greedy, beam, trainer]) program.dispose();
    },
  },
];
