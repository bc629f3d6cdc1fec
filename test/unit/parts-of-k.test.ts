import { describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { addPartialSums } from "../../src/ops/column-sum.ts";
import { partsOfK } from "../../src/ops/gemm-tiles.ts";
import { weightGradient } from "../../src/ops/linear.ts";
import { adam } from "../../src/optim/adam.ts";
import { gemm } from "../../src/oracle/gemm.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import { Recorder } from "../../src/plan/recorder.ts";
import type { Step } from "../../src/plan/step.ts";
import { sizeOf, type Tensor, tensor, whole } from "../../src/tensor.ts";
import { WINDOW_NEEDS } from "../../src/train/needs.ts";
import { recordTraining, type TrainingPlan, trainingTensors } from "../../src/train/training-plan.ts";
import { windowTensors } from "../../src/train/window-plan.ts";
import type { Target } from "../../src/variant.ts";

const GPU: Target = { storage: 16_384, invocations: 256, software: false };
const SOFTWARE: Target = { ...GPU, software: true };

describe("K is cut", () => {
  test.each([
    { name: "R of 128 units, over 32 rows of 64 steps", m: 512, n: 128, k: 2048, parts: 4 },
    { name: "what gives 65 logits: fewer tiles", m: 65, n: 128, k: 2048, parts: 16 },
    { name: "one output", m: 1, n: 128, k: 2048, parts: 64 },
    { name: "two directions of R, one after the other", m: 512, n: 128, k: 2048, alike: 2, parts: 4 },
  ])("where C has too few tiles for the cores: $name", ({ m, n, k, alike = 1, parts }) => {
    expect(partsOfK({ m, n, k }, GPU, alike)).toBe(parts);
  });

  test.each([
    { name: "tiles for all cores", m: 2048, n: 512, k: 2048 },
    { name: "just as many", m: 512, n: 512, k: 2 ** 17 },
    { name: "short sums", m: 512, n: 128, k: 65 },
    { name: "a product that takes less than a dispatch", m: 16, n: 16, k: 32 },
    { name: "layers that fill the cores together", m: 512, n: 128, k: 2048, alike: 4 },
    { name: "a sum of a prime number of terms", m: 512, n: 128, k: 2053 },
  ])("nowhere else: $name", ({ m, n, k, alike = 1 }) => {
    expect(partsOfK({ m, n, k }, GPU, alike)).toBe(1);
  });

  test.each([{}, { quads: true }, { llvmpipe: true }, { cores: 64 }])("never on a CPU: %o", (kind) => {
    expect(partsOfK({ m: 1, n: 128, k: 2 ** 16 }, { ...SOFTWARE, ...kind }, 1)).toBe(1);
  });
});

const IDS = 5;
const [BATCH, TIME] = [8, 64];

function recorded(layer: Layer, target: Target, features = 8): TrainingPlan {
  const model = sequential(embedding(IDS, 3), layer, linear(features, IDS));
  const options = { batch: BATCH, time: TIME, loss: crossEntropy(), optimizer: adam(), clipNorm: 1, seed: 0, target };
  return recordTraining(model, layOut(model), options);
}

const labelsOf = ({ plan }: TrainingPlan): string[] => plan.steps.map(({ label }) => label);
const cutIn = (training: TrainingPlan): string[] => labelsOf(training).filter((label) => label.endsWith("parts of K"));

describe("a training step", () => {
  test("says what it cuts, and adds up to four of it in a dispatch at the end of the way back", () => {
    const labels = labelsOf(recorded(lstm(3, 8, { layers: 2, machine: "scan" }), GPU));
    const cut = labels.filter((label) => label.endsWith("in 32 parts of K"));
    expect(cut).toEqual([
      "2.linear.weight_gradient in 32 parts of K",
      "1.lstm.weight_ih_l1_gradient in 32 parts of K",
      "1.lstm.weight_hh_l1_gradient in 32 parts of K",
      "1.lstm.weight_hh_l0_gradient in 32 parts of K",
    ]);
    expect(labels.filter((label) => label === "partial_sums")).toHaveLength(1);
    expect(labels.indexOf("partial_sums")).toBe(labels.indexOf("optimizer.sum_squares") - 1);
  });

  test("has the parts of all in one buffer, which is nothing else's from the first product to their sum", () => {
    const { plan } = recorded(lstm(3, 8, { machine: "scan" }), GPU);
    const end = plan.steps.findIndex(({ label }) => label === "partial_sums");
    const { storage } = (plan.steps[end] as Step).bindings.a as Tensor;
    expect(storage.length).toBe(32 * 8 * IDS + 32 * 32 * 8);
    const buffer = plan.placement.get(storage);
    expect(buffer?.length).toBeGreaterThanOrEqual(storage.length);
    const begin = plan.steps.findIndex(({ bindings }) => bindings.c?.storage === storage);
    const bound = plan.steps.slice(begin, end + 1).flatMap(({ bindings }) => Object.values(bindings));
    const within = bound.filter((of) => plan.placement.get(of.storage) === buffer);
    expect(new Set(within.map((of) => of.storage))).toEqual(new Set([storage]));
  });

  test("cuts submits without another order of sums", () => {
    const identity = (budget?: number) => recorded(lstm(3, 8), { ...GPU, ...(budget ? { budget } : {}) }).plan.identity;
    expect(identity(0.001)).toBe(identity());
  });

  test("cuts nothing on a CPU", () => {
    const labels = labelsOf(recorded(lstm(3, 8), SOFTWARE));
    expect(labels.filter((label) => /parts of K|partial_sums/.test(label))).toEqual([]);
  });

  test("does not cut what is read on the way back: the gradient of what DropConnect has drawn", () => {
    expect(cutIn(recorded(lstm(3, 8, { dropConnect: 0.5 }), GPU))).toEqual([
      "2.linear.weight_gradient in 32 parts of K",
    ]);
  });

  test.each([
    { name: "an LSTM", layer: lstm(3, 8), cut: 2 },
    { name: "layers by scan", layer: lstm(3, 8, { layers: 3, machine: "scan" }), cut: 6 },
    { name: "layers of a wavefront", layer: lstm(3, 8, { layers: 3, machine: "wavefront" }), cut: 6 },
    { name: "directions", layer: lstm(3, 8, { direction: "bidirectional" }), features: 16, cut: 3 },
    // Its R is two products with different operands, of which each gives some rows.
    { name: "the candidate's rows of R", layer: gru(3, 8, { reset: "before" }), cut: 3 },
  ])("has the gradients of one that cuts nothing, but for rounding: $name", ({ layer, features, cut }) => {
    const [inParts, inOne] = [GPU, SOFTWARE].map((target) => recorded(layer, target, features)) as [
      TrainingPlan,
      TrainingPlan,
    ];
    expect(cutIn(inParts)).toHaveLength(cut);
    const [memory, reference] = [inParts, inOne].map(played) as [OracleMemory, OracleMemory];
    const wanted = reference.read(inOne.gradients);
    const allowed = roundings(inParts, memory);
    memory.read(inParts.gradients).forEach((gradient, i) => {
      expect(Math.abs(gradient - (wanted[i] as number))).toBeLessThanOrEqual(allowed[i] as number);
    });
    expect(memory.read(inParts.control)[0]).toBe(reference.read(inOne.control)[0]);
  });
});

/** The plan after a step by the twins, from weights and ids that are drawn. */
function played(training: TrainingPlan): OracleMemory {
  const { plan, slabs, inputs, targets } = training;
  const memory = new OracleMemory();
  const parameters = whole(slabs.parameters);
  memory.write(
    parameters,
    drawn(sizeOf(parameters.shape), (x) => x - 0.5),
  );
  const ids = (x: number): number => Math.floor(x * IDS);
  memory.write(inputs, drawn(BATCH * TIME, ids));
  memory.write(targets, drawn(BATCH * TIME, ids).reverse());
  playPlan(plan, memory);
  return memory;
}

/** Multiples of the golden ratio in [0, 1). */
const drawn = (length: number, of: (x: number) => number): number[] =>
  Array.from({ length }, (_, i) => of(((i + 1) * 0.618_033_988_749_895) % 1));

/**
 * By how much float64 may round two orders of the same sums apart, for each gradient of the slab; 0 where none is cut. Each
 * order rounds K products and K additions at most, by 2^-53 of a sum of magnitudes, which the twin computes.
 */
function roundings({ plan, gradients }: TrainingPlan, memory: OracleMemory): Float64Array {
  const allowed = new Float64Array(sizeOf(gradients.shape));
  const sums = plan.steps.filter(({ label }) => label === "partial_sums");
  for (const { bindings, dims, variant, workgroups } of plan.steps.filter(({ label }) => label.endsWith("of K"))) {
    const [a, b] = [bindings.a, bindings.b].map((of) => Float64Array.from(memory.view(of as Tensor), Math.abs));
    const { m, n, k } = dims as { m: number; n: number; k: number };
    const depth = k * workgroups[2];
    const c = new Float64Array(m * n);
    const buffers = { a, b, c } as unknown as Parameters<typeof gemm>[0]["buffers"];
    gemm({ buffers, dims: { ...dims, k: depth }, flags: variant.flags ?? {}, constants: {}, workgroups: [1, 1, 1] });
    const at = outOf(sums, (bindings.c as Tensor).offset);
    c.forEach((magnitude, i) => {
      allowed[at + i] = 4 * depth * 2 ** -53 * magnitude;
    });
  }
  return allowed;
}

/** Where the sum of the parts at an offset goes. */
function outOf(sums: readonly Step[], offset: number): number {
  for (const { dims, workgroups } of sums) {
    const letters = [..."xyzw"].slice(0, workgroups[2]);
    const letter = letters.find((letter) => dims[`a_first.${letter}`] === offset);
    if (letter) return dims[`out_first.${letter}`] as number;
  }
  throw new Error(`nothing adds up the parts at ${offset}`);
}

test("a gradient that is added to has been added up before", () => {
  const [k, m, n] = [512, 5, 3];
  const [parameters, gradients] = [tensor("weight", [m, n]), tensor("gradients", [m, n])];
  const recorder = new Recorder({
    target: GPU,
    slabs: { parameters: parameters.storage, gradients: gradients.storage },
  });
  const [x, dy] = [tensor("x", [k, n]), tensor("dy", [k, m])];
  for (let use = 0; use < 2; use++) weightGradient(recorder, { x, dy, weight: parameters });
  addPartialSums(recorder);
  const { steps } = recorder.finish("one weight, used twice");
  expect(steps.map(({ label }) => label)).toEqual([
    "weight_gradient in 32 parts of K",
    "partial_sums",
    "weight_gradient",
  ]);
  const memory = new OracleMemory();
  memory.write(x, new Float64Array(k * n).fill(1));
  memory.write(dy, new Float64Array(k * m).fill(2));
  playPlan({ steps, zeros: [] }, memory);
  expect([...memory.read(gradients)]).toEqual(new Array(m * n).fill(2 * 2 * k));
});

test("the parts of every way back are added up before its gradients are added to others", () => {
  const model = sequential(embedding(IDS, 3), lstm(3, 8, { machine: "scan" }), linear(8, IDS));
  const layout = layOut(model);
  const update = { optimizer: adam(), clipNorm: 1 };
  const options = { ...update, batch: BATCH, time: TIME, loss: crossEntropy(), seed: 0, target: GPU };
  const inWindow = trainingTensors(layout, { ...update, olderChunks: windowTensors(layout, WINDOW_NEEDS) });
  const inStretches = trainingTensors(layout, { ...update, stretches: 2 });
  const { plan, window } = recordTraining(model, layout, { ...options, tensors: inWindow });
  const stretch = recordTraining(model, layout, { ...options, tensors: inStretches }).plan;
  for (const [name, { steps }] of Object.entries({ plan, older: window?.plan as typeof plan, stretch })) {
    const labels = steps.map(({ label }) => label.replace("older.", ""));
    const last = labels.findLastIndex((label) => label.endsWith("parts of K"));
    const sums = labels.flatMap((label, i) => (label === "partial_sums" ? [i] : []));
    expect(sums, name).toHaveLength(1);
    expect(sums[0], name).toBeGreaterThan(last);
    const added = labels.indexOf("accumulate");
    if (name !== "plan") expect(added, name).toBeGreaterThan(sums[0] as number);
  }
  expect(stretch.steps.findIndex(({ label }) => label === "partial_sums")).toBeLessThan(stretch.back);
});
