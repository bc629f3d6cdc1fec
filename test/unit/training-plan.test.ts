import { describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import { sizeOf, type Tensor } from "../../src/tensor.ts";
import { WINDOW_NEEDS } from "../../src/train/needs.ts";
import { recordSampling } from "../../src/train/sampling-plan.ts";
import { recordTraining, type TrainingPlan, trainingTensors } from "../../src/train/training-plan.ts";
import { windowTensors } from "../../src/train/window-plan.ts";
import type { Target } from "../../src/variant.ts";
import { type Fixture, fixtures, initialOf, modelOf, optimizerOf } from "../fixtures/character-model.ts";

/** WebGPU's default target. */
const TARGET: Target = { storage: 16_384, invocations: 256, software: false };
const SWIFTSHADER: Target = { ...TARGET, software: true, quads: true, cores: 2 };

describe.each(["scan", "step"] as const)("on the %s machine", (machine) => {
  test.each(fixtures)("the float64 twins train as PyTorch does: $name", (fixture) => {
    const { batch, time, clipNorm } = fixture;
    const model = modelOf(fixture, machine);
    const layout = layOut(model);
    const optimizer = optimizerOf(fixture);
    const recorded = recordTraining(model, layout, {
      batch,
      time,
      loss: crossEntropy(),
      optimizer,
      clipNorm,
      seed: 0,
      target: TARGET,
    });
    const memory = new OracleMemory();
    for (const [name, { data }] of initialOf(fixture)) memory.write(layout.tensors.get(name) as Tensor, data);
    for (const step of fixture.steps) {
      memory.write(recorded.inputs, timeMajor(step.inputs, fixture));
      memory.write(recorded.targets, timeMajor(step.targets, fixture));
      playPlan(recorded.plan, memory);
      const [loss, norm] = memory.read(recorded.control);
      expect(loss).toBeCloseTo(step.loss, 12);
      expect(norm).toBeCloseTo(step.norm, 12);
    }
    for (const [name, { data }] of Object.entries(fixture.final)) {
      const trained = memory.read(layout.tensors.get(name) as Tensor);
      data.forEach((value, i) => {
        expect(trained[i]).toBeCloseTo(value, 11);
      });
    }
  });

  test.each([
    { name: "lstm", layers: [lstm(3, 4, { layers: 2, machine }), linear(4, 5)] },
    { name: "gru", layers: [gru(3, 4, { layers: 2, machine }), linear(4, 5)] },
    { name: "rnn, tanh", layers: [rnn(3, 4, { layers: 2, machine }), linear(4, 5)] },
    { name: "rnn, relu", layers: [rnn(3, 4, { layers: 2, machine, activation: "relu" }), linear(4, 5)] },
    { name: "states that are the logits", layers: [lstm(3, 5, { machine })] },
    { name: "lstm over table products", vocabulary: 2, time: 8, layers: [lstm(3, 3, { machine })] },
    {
      name: "gru over table products in both directions, normalised",
      vocabulary: 2,
      time: 8,
      layers: [gru(3, 3, { machine, layerNorm: true, direction: "bidirectional", merge: "sum" })],
    },
    { name: "gru over table products", vocabulary: 2, time: 8, layers: [gru(3, 3, { machine })] },
  ])("every gradient equals central differences of the loss: $name", ({ layers, vocabulary = 5, time = 3 }) => {
    const [features, batch] = [3, 2];
    const model = sequential(embedding(vocabulary, features), ...layers);
    const layout = layOut(model);
    const options = {
      batch,
      time,
      loss: crossEntropy(),
      optimizer: adam({ learningRate: 0 }),
      clipNorm: 0,
      seed: 0,
      target: TARGET,
    };
    const recorded = recordTraining(model, layout, options);
    expect(String(recorded.plan).includes("table_product")).toBe(8 * vocabulary <= batch * time);
    const draw = sequence();
    const weights = new Map([...layout.tensors.values()].map((tensor) => [tensor, filled(tensor, () => draw() - 0.5)]));
    const ids = [recorded.inputs, recorded.targets].map((tensor) => [
      tensor,
      filled(tensor, () => draw() * vocabulary),
    ]);
    const play = (): OracleMemory => {
      const memory = new OracleMemory();
      for (const [tensor, values] of [...weights, ...ids] as [Tensor, number[]][]) memory.write(tensor, values);
      playPlan(recorded.plan, memory);
      return memory;
    };
    const gradients = play();
    const lossAt = (values: number[], i: number, value: number): number => {
      const before = values[i] as number;
      values[i] = value;
      const loss = play().read(recorded.control)[0] as number;
      values[i] = before;
      return loss;
    };
    // Central differences err by h² of the third derivative and by rounding over h: 1e-9 at h = 1e-5 here.
    const h = 1e-5;
    for (const [tensor, values] of weights) {
      const gradient = gradients.read({ ...tensor, storage: recorded.gradients.storage });
      values.forEach((value, i) => {
        const difference = (lossAt(values, i, value + h) - lossAt(values, i, value - h)) / (2 * h);
        expect(Math.abs(difference - (gradient[i] as number)), `${tensor.name}[${i}]`).toBeLessThan(1e-8);
      });
    }
  });
});

test.each([
  { name: "an LSTM", layer: lstm, most: 20 },
  { name: "a GRU, whose biases have gradients of their own", layer: gru, most: 21 },
  { name: "an Elman network", layer: rnn, most: 20 },
])(
  "a step of the main job takes at most $most dispatches on the scan machine, whatever T is: $name",
  ({ layer, most }) => {
    expect(mainJob(16, layer).plan.steps.length).toBeLessThanOrEqual(most);
    expect(mainJob(1024, layer).plan.steps.length).toBe(mainJob(16, layer).plan.steps.length);
  },
);

test.each([16, 1024])("SwiftShader comes to rest before each scan, and still takes 20 dispatches: %i steps", (time) => {
  const { steps } = mainJob(time, lstm, SWIFTSHADER).plan;
  expect(steps.length).toBeLessThanOrEqual(20);
  const scans = steps.flatMap(({ label }, i) => (label.startsWith("1.lstm.scan_") ? [i] : []));
  expect(scans.map((i) => steps[i]?.workgroups)).toEqual([
    [2, 1, 1],
    [2, 1, 1],
  ]);
  const before = scans.map((i) => steps[i - 1]);
  expect(before.map((step) => step?.label)).toEqual(["1.lstm.rest", "2.linear.bias_gradient"]);
  for (const step of before) expect(step?.workgroups).toEqual([1, 1, 1]);
  expect(before[0]?.dims).toMatchObject({ begin: time, end: time });
});

test.each([
  [lstm, 3],
  [gru, 4],
] as const)("a wavefront takes the layers in about as many dispatches as one layer has steps (%#)", (layer, more) => {
  const time = 64;
  const played = (layers: number, machine?: "step"): TrainingPlan => {
    const options = { batch: 16, time, loss: crossEntropy(), optimizer: adam(), clipNorm: 1, seed: 0, target: TARGET };
    const stack = layer(64, 512, { layers, ...(machine ? { machine } : {}) });
    const model = sequential(embedding(65, 64), stack, linear(512, 65));
    return recordTraining(model, layOut(model), options);
  };
  for (const layers of [2, 3, 4]) {
    const { plan } = played(layers);
    expect(String(plan)).toMatch(/^1\.\w+: step, wavefront of \d layers, split over k: [\d.]+ ms expected both ways/m);
    // Of all layers above the first: W that is packed, and gradients of W and of b, which the first has of fewer rows; and
    // the sum of the parts of the gradient that the 65 logits leave.
    expect(plan.steps.length).toBeLessThanOrEqual(2 * (time + layers - 1) + 20 + more);
    expect(plan.multiplyAdds).toBe(played(layers, "step").plan.multiplyAdds);
  }
});

test("two parts of the gates cost the GRU one dispatch more than an LSTM: the biases have gradients of their own", () => {
  expect(mainJob(16, gru).plan.steps.length).toBe(mainJob(16, lstm).plan.steps.length + 1);
});

test("a plan prints its steps with kernel, bytes, multiply-adds and shapes", () => {
  const lines = String(mainJob(64).plan).split("\n");
  const products = 32 * 64 * (3 * 4 * 128 * 128 + 3 * 128 * 65) + 65 * (3 * 4 * 128 * 64);
  expect(lines[0]).toContain(`${products.toLocaleString("en-US")} multiply-adds`);
  const scan = lines.find((line) => line.includes("1.lstm.scan_forward ")) ?? "";
  for (const part of [
    "rnn_scan_forward<lstm f=sigmoid g=tanh h=tanh>",
    "HIDDEN=128",
    "134,217,728",
    "gates[1, 1048576]",
  ]) {
    expect(scan).toContain(part);
  }
});

test("no product stands for rows of a table that an update may have changed before the way back through a window", () => {
  const model = sequential(embedding(2, 3), lstm(3, 3), linear(3, 2));
  const layout = layOut(model);
  const update = { optimizer: adam(), clipNorm: 1 };
  const options = { ...update, batch: 2, time: 8, loss: crossEntropy(), seed: 0, target: TARGET };
  const tensors = trainingTensors(layout, { ...update, olderChunks: windowTensors(layout, WINDOW_NEEDS) });
  expect(String(recordTraining(model, layout, options).plan)).toContain("table_product");
  expect(String(recordTraining(model, layout, { ...options, tensors }).plan)).not.toContain("table_product");
});

test("a sampler multiplies the rows of a small table once for all tokens of a submit", () => {
  const labels = (vocabulary: number) => {
    const model = sequential(embedding(vocabulary, 4), lstm(4, 8), linear(8, vocabulary));
    const { plan } = recordSampling(model, layOut(model), TARGET);
    return plan.steps.slice(0, plan.preparation).map(({ label }) => label);
  };
  expect(labels(128)).toContain("1.lstm.table_product");
  expect(labels(129)).not.toContain("1.lstm.table_product");
});

function mainJob(time: number, layer: typeof lstm = lstm, target = TARGET): TrainingPlan {
  const model = sequential(embedding(65, 64), layer(64, 128, { machine: "scan" }), linear(128, 65));
  const options = { batch: 32, time, loss: crossEntropy(), optimizer: adam(), clipNorm: 1, seed: 0, target };
  return recordTraining(model, layOut(model), options);
}

function timeMajor(ids: readonly number[], { batch, time }: Fixture): number[] {
  return Array.from({ length: batch * time }, (_, i) => ids[(i % batch) * time + Math.floor(i / batch)] as number);
}

const filled = ({ shape }: Tensor, draw: () => number): number[] => Array.from({ length: sizeOf(shape) }, draw);

/** Numbers in [0, 1) that repeat from run to run: multiples of the golden ratio. */
function sequence(): () => number {
  let i = 0;
  return () => (++i * 0.618_033_988_749_895) % 1;
}
