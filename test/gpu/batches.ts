import type { Batch } from "../../src/batch/batch.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError } from "../../src/losses/element-losses.ts";
import type { Loss } from "../../src/losses/loss.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { lastStep } from "../../src/nn/pooling.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { createPredictor } from "../../src/run/predictor.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";
import type { LargestBatch } from "../../src/train/shapes.ts";
import { countBuffers } from "./buffers.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { expectRefusal } from "./refusal.ts";
import { expectAllEqual, host, random } from "./small-networks.ts";

const tagger = sequential(embedding(5, 4), lstm(4, 6), linear(6, 3));
const classifier = sequential(embedding(5, 4), gru(4, 6, { bidirectional: true }), lastStep(), linear(12, 3));
const forecaster = sequential(gru(2, 5), linear(5, 2));

const sizes: LargestBatch = { batch: 3, time: 5 };
const ROWS = [
  [0, 1, 2, 3, 4],
  [4, 2, 0, 1, 3],
  [1, 1, 3, 0, 2],
];
const TAGS = [
  [0, 1, 2, 0, 1],
  [2, 1, 0, 2, 1],
  [1, 0, 0, 2, 2],
];
const upTo = (rows: readonly number[][], length: number): number[][] => rows.map((row) => row.slice(0, length));

/** A float32 sum of at most 15 rows' losses of about 1, and what their logits are off by. */
const TOLERANCE = 2e-6;

/** Loss and weights after one step. */
async function step(gpu: Gpu, model: Model, batch: Batch, options: Partial<LargestBatch & { loss: Loss }> = {}) {
  const trainer = await createTrainer(gpu, model, { ...sizes, optimizer: sgd({ learningRate: 0.5 }), ...options });
  trainer.step(batch);
  const [loss, weights] = [await trainer.loss(), await trainer.weights()];
  trainer.dispose();
  return { loss, weights };
}

async function lossOf(gpu: Gpu, model: Model, batches: Batch[], loss?: Loss): Promise<number> {
  const trainer = await createTrainer(gpu, model, { ...sizes, optimizer: sgd() });
  const evaluator = await createEvaluator(gpu, model, { ...sizes, from: trainer, ...(loss ? { loss } : {}) });
  trainer.dispose();
  const value = await evaluator.loss(batches);
  evaluator.dispose();
  return value;
}

const near = (what: string, actual: number, wanted: number): void => compare(what, [actual], [wanted], TOLERANCE);

const elementLosses: [Loss, (y: number, target: number) => number][] = [
  [meanSquaredError(), (y, target) => (y - target) ** 2],
  [meanAbsoluteError(), (y, target) => Math.abs(y - target)],
  [
    huber({ delta: 0.25 }),
    (y, target) => {
      const d = Math.abs(y - target);
      return d <= 0.25 ? d ** 2 / 2 : 0.25 * (d - 0.125);
    },
  ],
  [binaryCrossEntropy(), (y, target) => -target * Math.log(logistic(y)) - (1 - target) * Math.log(logistic(-y))],
];

const logistic = (y: number): number => 1 / (1 + Math.exp(-y));

export const cases: GpuCase[] = [
  {
    name: "a batch smaller than announced gives bit for bit what it gives where it was announced",
    async run(gpu) {
      const batch = { inputs: upTo(ROWS, 4).slice(0, 2), targets: upTo(TAGS, 4).slice(0, 2) };
      const [small, exact] = [await step(gpu, tagger, batch), await step(gpu, tagger, batch, { batch: 2, time: 4 })];
      if (small.loss !== exact.loss) throw new Error(`loss ${small.loss}, not ${exact.loss}`);
      expectAllEqual("weights", small.weights, exact.weights);
    },
  },
  {
    name: "a smaller shape records its plan once and takes the memory that is there",
    async run(gpu) {
      const trainer = await createTrainer(gpu, tagger, { ...sizes, optimizer: sgd() });
      const small = { inputs: upTo(ROWS, 3), targets: upTo(TAGS, 3) };
      const first = await countBuffers(gpu, async () => trainer.step(small));
      const again = await countBuffers(gpu, async () => trainer.step(small));
      trainer.dispose();
      if (first.left !== 1 || again.left !== 0) throw new Error(`${first.left}, then ${again.left} buffers more`);
    },
  },
  {
    name: "with lengths the loss is the mean over all steps that rows take, as if each row were alone",
    async run(gpu) {
      const lengths = [5, 2, 3];
      const whole = await lossOf(gpu, tagger, [{ inputs: ROWS, targets: TAGS, lengths }]);
      const alone = lengths.map((length, row) => ({
        inputs: upTo(ROWS.slice(row, row + 1), length),
        targets: upTo(TAGS.slice(row, row + 1), length),
      }));
      near("loss", whole, await lossOf(gpu, tagger, alone));
      const other = await lossOf(gpu, tagger, [{ inputs: ROWS, targets: TAGS }]);
      if (Math.abs(whole - other) < 1e-3) throw new Error("lengths change nothing");
    },
  },
  {
    name: "ignored targets count as the end of a row does: same loss, same update",
    async run(gpu) {
      const lengths = [5, 2, 3];
      const ignored = TAGS.map((row, b) => row.map((tag, t) => (t < (lengths[b] as number) ? tag : -100)));
      const loss = crossEntropy({ ignoreIndex: -100 });
      const one = await step(gpu, tagger, { inputs: ROWS, targets: TAGS, lengths });
      const other = await step(gpu, tagger, { inputs: ROWS, targets: ignored }, { loss });
      near("loss", other.loss, one.loss);
      for (const [name, { data }] of one.weights) compare(name, other.weights.get(name)?.data ?? [], data, TOLERANCE);
    },
  },
  {
    name: "a bidirectional classifier takes each row at its own length",
    async run(gpu) {
      const labels = [0, 2, 1];
      const lengths = [5, 1, 3];
      const whole = await lossOf(gpu, classifier, [{ inputs: ROWS, targets: labels, lengths }]);
      const alone = lengths.map((length, row) => ({
        inputs: upTo(ROWS.slice(row, row + 1), length),
        targets: labels.slice(row, row + 1),
      }));
      near("loss", whole, await lossOf(gpu, classifier, alone));
    },
  },
  {
    name: "where no row counts the loss is 0 and no weight moves",
    async run(gpu) {
      const before = await createTrainer(gpu, tagger, { ...sizes, optimizer: sgd() });
      const weights = await before.weights();
      before.dispose();
      for (const model of [tagger, classifier]) {
        const targets = model === tagger ? TAGS : [0, 1, 2];
        const { loss } = await step(gpu, model, { inputs: ROWS, targets, lengths: [0, 0, 0] });
        if (loss !== 0) throw new Error(`loss ${loss}`);
      }
      const after = await step(gpu, tagger, { inputs: ROWS, targets: TAGS, lengths: [0, 0, 0] });
      expectAllEqual("weights", after.weights, weights);
    },
  },
  ...elementLosses.map(([loss, formula]) => ({
    name: `${loss.kind} of features is the mean of its formula over all numbers that count, and training lowers it`,
    run: async (gpu: Gpu) => {
      const [inputs, targets] = [random([3, 5, 2], 1), random([3, 5, 2], 2)];
      targets.data.forEach((value, i) => {
        targets.data[i] = Math.abs(value);
      });
      const trainer = await createTrainer(gpu, forecaster, { ...sizes, loss, optimizer: sgd({ learningRate: 0.3 }) });
      for (let i = 0; i < 20; i++) trainer.step({ inputs, targets });
      const { losses } = await trainer.progress();
      if (!((losses.at(-1) as number) < (losses[0] as number))) throw new Error(`losses ${losses}`);

      const lengths = [5, 0, 2];
      const predictor = await createPredictor(gpu, forecaster, { from: trainer, batch: 3 });
      const evaluator = await createEvaluator(gpu, forecaster, { ...sizes, loss, from: trainer });
      const { outputs } = await predictor.run({ inputs, lengths });
      const counted = [...outputs.data].flatMap((y, i) => {
        const [row, t] = [Math.floor(i / 10), Math.floor((i % 10) / 2)];
        return t < (lengths[row] as number) ? [formula(y, targets.data[i] as number)] : [];
      });
      const mean = counted.reduce((sum, value) => sum + value, 0) / counted.length;
      near("loss with lengths", await evaluator.loss([{ inputs, targets, lengths }]), mean);
      for (const program of [trainer, predictor, evaluator]) program.dispose();
    },
  })),
  {
    name: "what does not fit is refused before anything runs",
    async run(gpu) {
      const trainer = await createTrainer(gpu, tagger, { ...sizes, optimizer: sgd() });
      const good = { inputs: ROWS, targets: TAGS };
      const longer = ROWS.map((row) => [...row, 0]);
      const refused: [string, Batch][] = [
        ["inputs: expected at most batch 3 and time 5, as announced", { ...good, inputs: longer }],
        ["targets: expected 15 ids, [3, 5], got 3", { ...good, targets: [0, 1, 2] }],
        [
          "targets: expected ids from 0 to 2, got 7 at place 0",
          { ...good, targets: TAGS.map((row) => row.map(() => 7)) },
        ],
        ["targets: expected 15 ids, [3, 5], got shape [3, 5, 3]", { ...good, targets: random([3, 5, 3], 1) }],
        ["lengths: row 1: expected a whole number from 0 to 5, got 6", { ...good, lengths: [1, 6, 2] }],
        ["batch: expected none but", { ...good, length: [1, 2, 3] } as Batch],
      ];
      for (const [message, batch] of refused) await expectRefusal(message, () => trainer.step(batch));
      trainer.step(good);
      const fewer = { inputs: ROWS.slice(0, 2), targets: TAGS.slice(0, 2), start: false };
      await expectRefusal("batch: expected 3 rows, as in the batch whose states are carried on, got 2", () =>
        trainer.step(fewer),
      );
      if (trainer.steps !== 1) throw new Error(`${trainer.steps} steps`);
      trainer.dispose();
      const weights = crossEntropy({ classWeights: [1, 2] });
      await expectRefusal("crossEntropy: classWeights: expected 3, one for each class, got 2", () =>
        createTrainer(gpu, tagger, { ...sizes, loss: weights, optimizer: sgd() }),
      );
      const forecast = await createTrainer(gpu, forecaster, { ...sizes, loss: binaryCrossEntropy(), optimizer: sgd() });
      await expectRefusal("targets: expected probabilities from 0 to 1", () =>
        forecast.step({ inputs: random([1, 1, 2], 1), targets: host([1, 1, 2], [0, 1.5]) }),
      );
      forecast.dispose();
    },
  },
];
