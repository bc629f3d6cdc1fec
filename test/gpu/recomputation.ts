import type { Batch } from "../../src/batch/batch.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";
import { sgd } from "../../src/optim/sgd.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { expectRefusal } from "./refusal.ts";
import { expectAllEqual } from "./small-networks.ts";
import { lossTolerance } from "./training.ts";

const [VOCABULARY, BATCH, TIME] = [6, 3, 72];
const IGNORED = -1;
const options: TrainerOptions = {
  batch: BATCH,
  time: TIME,
  optimizer: sgd({ learningRate: 0.5 }),
  loss: crossEntropy({ ignoreIndex: IGNORED }),
  seed: 3,
};

interface Kind {
  readonly name: string;
  readonly model: Model;
  /** The model gives one step for a sequence. */
  readonly last?: boolean;
  readonly lengths?: boolean;
}

const around = (...layers: Parameters<typeof sequential>): Model =>
  sequential(embedding(VOCABULARY, 8), ...layers, linear(8, VOCABULARY));

const kinds: readonly Kind[] = [
  { name: "two LSTMs with learned states", model: around(lstm(8, 8, { layers: 2, initialState: "learned" })) },
  { name: "GRU with lengths", model: around(gru(8, 8, { layerNorm: true })), lengths: true },
  {
    name: "last output of an LSTM with lengths",
    model: around(lstm(8, 8, { returns: "last" })),
    last: true,
    lengths: true,
  },
  { name: "convolutions", model: around(temporalConvolution(8, 8, { taps: 3, dilation: 4 }), rnn(8, 8)) },
];

/** Rows that start anew every other time; the third and fourth batch have fewer rows, the fourth fewer steps. */
function batchAt(i: number, { last, lengths }: Kind): Batch {
  const [rows, time] = [i === 2 || i === 3 ? BATCH - 1 : BATCH, i === 3 ? TIME - 7 : TIME];
  const id = (row: number, t: number): number => (i * 5 + row * 3 + t * t) % VOCABULARY;
  const steps = Array.from({ length: time }, (_, t) => t);
  const of = <Of>(make: (row: number) => Of): Of[] => Array.from({ length: rows }, (_, row) => make(row));
  return {
    inputs: of((row) => steps.map((t) => id(row, t))),
    targets: last ? of((row) => id(row, 7)) : of((row) => steps.map((t) => (t % 5 === 0 ? IGNORED : id(row, t + 1)))),
    start: i % 2 === 0,
    ...(lengths ? { lengths: of((row) => time - 30 * row) } : {}),
  };
}

/** Bytes of a step as a whole. */
async function wholeBytes(gpu: Gpu, model: Model): Promise<number> {
  const trainer = await createTrainer(gpu, model, options);
  const { bytes } = trainer.plan;
  trainer.dispose();
  return bytes;
}

/** Half of them, which is less than what lies between two states takes. */
const half = async (gpu: Gpu, model: Model): Promise<number> => Math.floor((await wholeBytes(gpu, model)) / 2);

async function train(gpu: Gpu, kind: Kind, more: Partial<TrainerOptions>, begin = 0, end = 6) {
  const trainer = await createTrainer(gpu, kind.model, { ...options, ...more });
  for (let i = begin; i < end; i++) trainer.step(batchAt(i, kind));
  const { losses } = await trainer.progress();
  const [weights, state] = [await trainer.weights(), await trainer.state()];
  const { stretch } = trainer.settings;
  trainer.dispose();
  return { losses, weights, state, stretch };
}

/**
 * Of the largest change of a tensor: both sum up to 216 rows in other orders, by up to 14 roundings of 2^-24 each, and six
 * steps that go on from each other let that grow.
 */
const CHANGES = 1e-4;

function kindCase(kind: Kind): GpuCase {
  return {
    name: `half the memory gives the same training: ${kind.name}`,
    async run(gpu) {
      const start = (await train(gpu, kind, {}, 0, 0)).weights;
      const whole = await train(gpu, kind, { from: start });
      const parts = await train(gpu, kind, { from: start, memory: await half(gpu, kind.model) });
      if (whole.stretch !== TIME || parts.stretch >= TIME) throw new Error(`stretches of ${parts.stretch}`);
      const way = { time: TIME, layers: 2, operands: 16 };
      compare("losses", parts.losses, whole.losses, (i, loss) => lossTolerance({ losses: i + 1, ...way }) * loss);
      for (const [name, { data }] of start) {
        const change = ({ weights }: { weights: NamedTensors }): number[] =>
          Array.from(weights.get(name)?.data ?? [], (value, i) => value - (data[i] as number));
        const wanted = change(whole);
        compare(name, change(parts), wanted, CHANGES * Math.max(...wanted.map(Math.abs)));
      }
    },
  };
}

const drawing: Kind = {
  name: "drawing",
  model: around(
    lstm(8, 8, { layers: 2, dropout: 0.4, recurrentDropout: 0.3, dropConnect: 0.2 }),
    gru(8, 8, { zoneout: 0.2 }),
  ),
};

export const cases: GpuCase[] = [
  ...kinds.map(kindCase),
  {
    name: "what is computed twice draws the same: the loss falls as its gradient says",
    async run(gpu) {
      const memory = await half(gpu, drawing.model);
      const before = (await train(gpu, drawing, { memory }, 0, 0)).weights;
      const after = (await train(gpu, drawing, { memory, from: before, optimizer: sgd({ learningRate: 1 }) }, 0, 1))
        .weights;
      // Along the gradient, which is what a rate of 1 has moved the weights by.
      const gradient = new Map(
        [...before].map(([name, { data }]) => [
          name,
          data.map((value, i) => value - (after.get(name)?.data[i] as number)),
        ]),
      );
      const norm = Math.hypot(...[...gradient.values()].flatMap((values) => [...values]));
      const step = 0.01;
      const lossAt = async (way: number): Promise<number> => {
        const from = new Map(
          [...before].map(([name, { shape, data }]) => [
            name,
            { shape, data: data.map((v, i) => v + (way * step * (gradient.get(name)?.[i] as number)) / norm) },
          ]),
        );
        return (await train(gpu, drawing, { memory, from }, 0, 1)).losses[0] as number;
      };
      const slope = ((await lossAt(1)) - (await lossAt(-1))) / (2 * step);
      // A loss of 2 is rounded by 1e-7, 1e-5 of the slope; the curve bends by the square of the step.
      if (Math.abs(slope - norm) > 2e-3 * norm) throw new Error(`the loss falls by ${slope}, the gradient is ${norm}`);
    },
  },
  {
    name: "stopped and resumed, it equals an uninterrupted run to the last bit",
    async run(gpu) {
      const memory = await half(gpu, drawing.model);
      const whole = await train(gpu, drawing, { memory });
      const { weights: from, state: resume } = await train(gpu, drawing, { memory }, 0, 4);
      const parts = await train(gpu, drawing, { memory, from, resume }, 4);
      compare("losses", parts.losses, whole.losses.slice(4), 0);
      expectAllEqual("weights", parts.weights, whole.weights);
    },
  },
  {
    name: "a bound that cannot be kept is refused",
    async run(gpu) {
      const model = around(gru(8, 8));
      const attempt = (description: Model, more: Partial<TrainerOptions>) => () =>
        createTrainer(gpu, description, { ...options, ...more });
      await expectRefusal("createTrainer: memory: expected a whole number", attempt(model, { memory: 0 }));
      await expectRefusal("createTrainer: memory: expected at least", attempt(model, { memory: 1000 }));
      const both = around(gru(8, 4, { bidirectional: true }));
      const memory = await half(gpu, both);
      await expectRefusal("createTrainer: memory: expected at least", attempt(both, { memory }));
      const twice = "createTrainer: expected memory or a window longer than time, got both.";
      await expectRefusal(twice, attempt(model, { memory: 2 ** 30, window: 2 * TIME }));
    },
  },
];
