import { describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { encoderContext } from "../../src/nn/encoder-context.ts";
import { type EncoderDecoder, encoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { gru } from "../../src/nn/gru.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";
import { adam } from "../../src/optim/adam.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import type { Tensor } from "../../src/tensor.ts";
import { recordTraining } from "../../src/train/training-plan.ts";
import { readBatch } from "../read-batch.ts";
import { batch } from "./pair-batch.ts";

/** WebGPU's default target. */
const TARGET = { storage: 16_384, invocations: 256, software: false };

const [SOURCE, TARGETS] = [4, 5]; // ids
const [BATCH, TIME, TARGET_TIME] = [3, 3, 4];

/** Two layers of different widths; rows of all lengths, and none. */
const models: readonly { name: string; model: EncoderDecoder }[] = [
  {
    name: "gru",
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 2), gru(2, 3)),
      decoder: sequential(embedding(TARGETS, 2), gru(2, 3), linear(3, TARGETS)),
      start: 4,
    }),
  },
  {
    name: "lstm, two layers on the step machine",
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 2), lstm(2, [3, 2], { machine: "step" })),
      decoder: sequential(embedding(TARGETS, 2), lstm(2, [3, 2], { machine: "step" }), linear(2, TARGETS)),
      start: 4,
    }),
  },
  {
    name: "lstm, encoder of both directions with peepholes and normalisation, context",
    model: encoderDecoder({
      encoder: sequential(
        embedding(SOURCE, 2),
        lstm(2, 2, { direction: "bidirectional", peepholes: true, layerNorm: true, initialState: "learned" }),
      ),
      decoder: sequential(
        embedding(TARGETS, 2),
        encoderContext(2, 4),
        lstm(6, 4, { peepholes: true }),
        linear(4, TARGETS),
      ),
      start: 4,
    }),
  },
  {
    name: "a convolution before gru, whose past is its own",
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 2), temporalConvolution(2, 2, { taps: 2 }), gru(2, 3)),
      decoder: sequential(embedding(TARGETS, 2), temporalConvolution(2, 2, { taps: 2 }), gru(2, 3), linear(3, TARGETS)),
      start: 4,
    }),
  },
  {
    name: "rnn, then gru; context behind the first",
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 2), rnn(2, 3), gru(3, 2)),
      decoder: sequential(embedding(TARGETS, 2), rnn(2, 3), encoderContext(3, 2), gru(5, 2), linear(2, TARGETS)),
      start: 4,
    }),
  },
];

/** The same with either score, behind the last recurrent layer and before whatever stands there. */
const attentive = (["additive", "multiplicative"] as const).flatMap((attention) => [
  {
    name: `gru with ${attention} attention`,
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 2), gru(2, 3), linear(3, 4)),
      decoder: sequential(embedding(TARGETS, 2), gru(2, 3), linear(3, TARGETS)),
      start: 4,
      attention,
    }),
  },
  {
    name: `lstm, encoder of both directions, context and ${attention} attention`,
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 2), lstm(2, 2, { direction: "bidirectional" })),
      decoder: sequential(embedding(TARGETS, 2), encoderContext(2, 4), lstm(6, 4), linear(4, TARGETS)),
      start: 4,
      attention,
    }),
  },
]);

/** The training plan of a model for the batch, and one play of it. */
function trained(model: EncoderDecoder, given: typeof batch) {
  const layout = layOut(model);
  const loss = crossEntropy();
  const device = readBatch(model, loss, given, { batch: BATCH, time: TIME, targetTime: TARGET_TIME });
  const options = { ...device, loss, optimizer: adam({ learningRate: 0 }), clipNorm: 0, seed: 0, target: TARGET };
  const recorded = recordTraining(model, layout, options);
  const weights = new Map(
    [...initialWeights(model, 1)].map(([name, { data }]) => [
      layout.tensors.get(name) as Tensor,
      Array.from(data, (value, i) => value + 0.1 * Math.sin(i)), // also where the start is zero
    ]),
  );
  const written: [Tensor | undefined, ArrayLike<number> | undefined][] = [
    [recorded.inputs, device.inputs],
    [recorded.decoderInputs, device.decoderInputs],
    [recorded.targets, device.targets],
    [recorded.mask, device.mask],
    [recorded.weights, device.weights],
  ];
  const play = (): OracleMemory => {
    const memory = new OracleMemory();
    for (const [to, elements] of [...weights, ...written]) if (to && elements) memory.write(to, elements);
    playPlan(recorded.plan, memory);
    return memory;
  };
  return { recorded, weights, play, lossOf: (memory: OracleMemory) => memory.read(recorded.control)[0] as number };
}

describe.each([...models, ...attentive])("$name", ({ model }) => {
  test("every gradient equals central differences of the loss", () => {
    const { recorded, weights, play, lossOf } = trained(model, batch);
    const gradients = play();
    // Central differences err by h² of the third derivative and by rounding over h: 1e-9 at h = 1e-5 here.
    const h = 1e-5;
    for (const [tensor, values] of weights) {
      const gradient = gradients.read({ ...tensor, storage: recorded.gradients.storage });
      values.forEach((value, i) => {
        const at = (changed: number): number => {
          values[i] = changed;
          const loss = lossOf(play());
          values[i] = value;
          return loss;
        };
        const difference = (at(value + h) - at(value - h)) / (2 * h);
        expect(Math.abs(difference - (gradient[i] as number)), `${tensor.name}[${i}]`).toBeLessThan(1e-8);
      });
    }
  });

  test("what stands behind a row's lengths changes nothing", () => {
    const other = {
      ...batch,
      inputs: [
        [1, 2, 3],
        [0, 1, 3],
        [3, 2, 1],
      ],
      targets: [
        [1, 2, 3, 0],
        [3, 3, 1, 2],
        [2, 3, 3, 1],
      ],
    };
    const [one, two] = [trained(model, batch), trained(model, other)];
    const [first, second] = [one.play(), two.play()];
    expect(two.lossOf(second)).toBe(one.lossOf(first));
    for (const tensor of one.weights.keys()) {
      const storage = one.recorded.gradients.storage;
      const name = { ...tensor, storage: two.recorded.gradients.storage };
      expect(Array.from(second.read(name)).map((value) => value + 0)).toEqual(
        Array.from(first.read({ ...tensor, storage })).map((value) => value + 0),
      );
    }
  });

  test("the encoder learns through its states", () => {
    const { recorded, weights, play } = trained(model, batch);
    const memory = play();
    for (const tensor of [...weights.keys()].filter(({ name }) => name.startsWith("encoder."))) {
      const gradient = memory.read({ ...tensor, storage: recorded.gradients.storage });
      expect(
        gradient.some((value) => value !== 0),
        tensor.name,
      ).toBe(true);
    }
  });
});

test("parameters are named by their half, and the model prints both", () => {
  const { model } = models[0] as (typeof models)[number];
  const recurrent = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"].map((name) => `1.${name}`);
  expect(model.parameters.map(({ name }) => name)).toEqual([
    ...["0.weight", ...recurrent].map((name) => `encoder.${name}`),
    ...["0.weight", ...recurrent, "2.weight", "2.bias"].map((name) => `decoder.${name}`),
  ]);
  expect(model.size).toBe(model.encoder.size + model.decoder.size);
  expect(String(model)).toMatch(/^encoder\n[\s\S]*decoder, behind 4\n/);
});

test("attention has parameters of its own", () => {
  const [additive, , multiplicative] = attentive.map(({ model }) =>
    model.parameters.filter(({ name }) => name.startsWith("attention.")).map(({ name, shape }) => [name, ...shape]),
  );
  expect(additive).toEqual([
    ["attention.weight_key", 3, 4],
    ["attention.weight_query", 3, 3],
    ["attention.weight_score", 3],
    ["attention.weight_context", 3, 4],
    ["attention.weight_hidden", 3, 3],
  ]);
  expect(multiplicative).toEqual([
    ["attention.weight", 3, 4],
    ["attention.weight_context", 3, 4],
    ["attention.weight_hidden", 3, 3],
  ]);
});
