import { describe, expect, test } from "vitest";
import { composeShader, loadPartsOf } from "../../src/gpu/shader.ts";
import { gru } from "../../src/nn/gru.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { recordNetwork } from "../../src/run/network.ts";
import { bytesOf } from "../../src/tensor.ts";
import type { Target } from "../../src/variant.ts";
import { choiceName, type LayerChoice, layerChoices, layerOf } from "../layer-cases.ts";
import { recordedCase, recordLayer } from "../recorded-layer.ts";

/** WebGPU's default limits. */
const GPU: Target = { storage: 16_384, invocations: 256, software: false };
const MOST_STORAGE_BUFFERS = 8;

/** Dispatches of the recurrence, by kernel. */
function recurrenceOf({ steps }: Plan): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { variant } of steps) {
    const { name } = variant.kernel;
    if (name.startsWith("rnn_")) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Kernels and bindings of packed weights. */
const PACKED = /^pack_recurrent (forward|backward)$|^rnn_.* (recurrent|second)$/;

const layersOf = ({ layers }: LayerChoice): number => Number(layers) || 2; // "of 3 and 5" are two
const twoStages = ({ cell }: LayerChoice): boolean => /jordan|projection|before|mgu/.test(cell);
/** Whose second product is normalised as well. */
const resets = ({ cell }: LayerChoice): boolean => /before|mgu/.test(cell);

describe.each(layerChoices.map((choice) => ({ name: choiceName(choice), choice })))("$name", ({ choice }) => {
  const { plan } = recordLayer(recordedCase(choice).layer, choice);

  test("runs on the machine that is wanted, in as few dispatches as it promises", () => {
    const [levels, time] = [layersOf(choice), 3];
    const norms = choice.layerNorm === "yes" ? (resets(choice) ? 2 : 1) : 0;
    const stages = twoStages(choice) ? 2 : 1;
    const stepped = {
      rnn_begin: levels,
      rnn_step_forward: levels * time * stages,
      rnn_step_backward: levels * (time * stages + 1),
      ...(norms > 0 ? { rnn_rows_forward: levels * time * norms, rnn_rows_backward: levels * time * norms } : {}),
    };
    const scanned = { rnn_scan_forward: levels, rnn_scan_backward: levels };
    const wavefront = {
      rnn_begin: 1,
      rnn_step_forward: time + levels - 1,
      rnn_step_backward: time + levels,
    };
    const counts = { scan: scanned, step: stepped, wavefront };
    expect(recurrenceOf(plan)).toEqual(counts[choice.machine]);
  });

  test("binds no more than WebGPU's default limits let it", async () => {
    for (const step of plan.steps) {
      await loadPartsOf(step.variant);
      expect(composeShader(step.variant).storages.length, step.label).toBeLessThanOrEqual(MOST_STORAGE_BUFFERS);
    }
  });

  test("reads weights as float16 where that is wanted, but no diagonal, in the same dispatches", async () => {
    const { plan: halves } = recordLayer(recordedCase(choice).layer, choice, true);
    expect(halves.steps.map(({ label }) => label)).toEqual(plan.steps.map(({ label }) => label));
    const diagonal = choice.cell.startsWith("indrnn");
    for (const { label, variant, bindings } of halves.steps) {
      await loadPartsOf(variant);
      for (const { name } of composeShader(variant).storages) {
        if (!PACKED.test(`${variant.kernel.name} ${name}`)) continue;
        expect(bindings[name]?.type, label).toBe(diagonal ? "f32" : "u32");
        expect(variant.flags?.HALF ?? false, label).toBe(!diagonal);
      }
    }
  });
});

const SIZES = [1, 3, 17, 64, 128];

test.each(layerChoices.map((choice) => [choiceName(choice), choice] as const))(
  "%s: the machine that is wanted takes every size up to 128",
  (_, choice) => {
    const kernels = choice.machine === "scan" ? "scan" : "step";
    for (const hidden of SIZES) {
      expect(machineOf(recordLayer(layerOf(choice, hidden), choice).plan), `H ${hidden}`).toBe(kernels);
    }
  },
);

/** A layer that is left to choose its machine. */
function planOf(layer: Layer, batch: number, time: number, half = false): Plan {
  const model = sequential(layer);
  const shape = { batch, time, masked: false, gradients: true, seed: 1 };
  return recordNetwork({ model, layout: layOut(model) }, shape, { ...GPU, half }).plan;
}

function machineOf(plan: Plan): "scan" | "step" | "both" | "none" {
  const kernels = Object.keys(recurrenceOf(plan)).join();
  const [scan, step] = [kernels.includes("scan"), kernels.includes("step")];
  return scan && step ? "both" : scan ? "scan" : step ? "step" : "none";
}

test.each([lstm, gru, rnn])("beyond, the machine that can takes it (%#)", (layer) => {
  expect([129, 224].map((hidden) => machineOf(planOf(layer(2, hidden), 3, 2)))).toEqual(["scan", "scan"]);
  expect([1024, 2048].map((hidden) => machineOf(planOf(layer(2, hidden), 1, 2)))).toEqual(["step", "step"]);
});

/** What a plan says of how its recurrent layers are played, without the times. */
const notesOf = (layer: Layer): string[] => {
  const notes = String(planOf(layer, 3, 2)).match(/^0\.\w+(\.\w+)?: .* expected/gm) ?? [];
  return notes.map((note) => note.replace(/[\d.]+ ms/, "… ms"));
};

test("a plan says how each layer is played, also where layers are alike", () => {
  const steps = "2 steps a dispatch, split over k, recurrent weights in registers: … ms expected";
  const scan = `scan, ${steps}`;
  expect(notesOf(lstm(2, 3, { layers: 1 }))).toEqual([`0.lstm: ${scan}`]);
  const apart = lstm(2, 3, { layers: 3, direction: "bidirectional" });
  expect(notesOf(apart)).toEqual([`0.lstm.l0: ${scan}`, `0.lstm.l1: ${scan}`, `0.lstm.l2: ${scan}`]);
  const inTurn = "2 layers in turn";
  expect(notesOf(lstm(2, 3, { layers: 2 }))).toEqual([`0.lstm: scan, ${inTurn}, ${steps}`]);
  expect(notesOf(lstm(2, 3, { layers: 2, machine: "step" }))).toEqual([
    `0.lstm: step, ${inTurn}, split over k: as wanted, … ms expected`,
  ]);
});

test.each([1, 33, 1000, 1024])("a scan of %i steps is one dispatch each way", (time) => {
  expect(recurrenceOf(planOf(gru(2, 3), 3, time))).toEqual({ rnn_scan_forward: 1, rnn_scan_backward: 1 });
});

test("layer normalisation beyond what a workgroup holds is refused with the numbers", () => {
  expect(() => planOf(lstm(2, 1025, { layerNorm: true }), 1, 1)).toThrow(
    "layerNorm: expected at most 1024 units, which a workgroup of this device holds, got 1025.",
  );
});

test.each([
  { half: false, bytes: 4 },
  { half: true, bytes: 2 },
])(
  "a packed copy has $bytes bytes a weight, and 4 for each of three rows behind (float16: $half)",
  ({ half, bytes }) => {
    const { steps } = planOf(lstm(2, 128), 2, 2, half);
    const pack = steps.find(({ variant }) => variant.kernel.name === "pack_recurrent");
    const copies = [pack?.bindings.forward, pack?.bindings.backward].map((copy) => copy && bytesOf(copy.storage));
    const size = 4 * 128 * (128 * bytes + 3 * 4);
    expect(copies).toEqual([size, size]);
  },
);
