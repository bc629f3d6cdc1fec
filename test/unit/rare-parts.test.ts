import { expect, test, vi } from "vitest";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { recordNetwork } from "../../src/run/network.ts";
import { type Variant, variantKey } from "../../src/variant.ts";
import { choiceName, type LayerChoice, layerChoices, layerOf, trains } from "../layer-cases.ts";

const TARGET = { storage: 16_384, invocations: 256, software: false };

function stepsOf(choice: LayerChoice, batch: number, masked: boolean) {
  const model = sequential(layerOf(choice));
  const options = { batch, time: 3, masked, gradients: true, seed: trains(choice) ? 5 : undefined };
  return recordNetwork({ model, layout: layOut(model) }, options, TARGET).plan.steps;
}

test.each(layerChoices.map((choice) => [choiceName(choice), choice] as const))(
  "%s: what the plan of the largest batch loads is enough for any other",
  async (_, choice) => {
    vi.resetModules();
    const { composeShader, loadPartsFor, loadPartsOf } = await import("../../src/gpu/shader.ts"); // which has loaded nothing
    await loadPartsFor(TARGET);
    for (const { variant } of stepsOf(choice, 8, false)) await loadPartsOf(variant);
    const machine = choice.machine === "scan" ? "step" : "scan";
    for (const other of [choice, { ...choice, machine } as const]) {
      for (const { variant } of stepsOf(other, 1, true)) expect(composeShader(variant).source).not.toBe("");
    }
  },
);

test("a smaller batch may turn from a scan that is not split over k to steps that are", async () => {
  vi.resetModules();
  const { composeShader, loadPartsFor, loadPartsOf } = await import("../../src/gpu/shader.ts");
  await loadPartsFor(TARGET);
  const variants = (batch: number) => {
    const model = sequential(lstm(3, 256));
    const options = { batch, time: 3, masked: false, gradients: true, seed: undefined };
    const { plan } = recordNetwork({ model, layout: layOut(model) }, options, TARGET);
    return plan.steps.map(({ variant }) => variant);
  };
  const split = ({ flags }: Variant) => flags?.SPLIT_K === true;
  const [many, few] = [variants(64), variants(1)];
  expect([many.some(split), few.some(split)]).toEqual([false, true]);
  for (const variant of many) await loadPartsOf(variant);
  for (const variant of few) expect(composeShader(variant).source).not.toBe("");
});

test("a kernel that is rare itself comes with what it imports of other sets", async () => {
  const rows = layerChoices.flatMap((choice) => {
    const variants = stepsOf(choice, 8, false).map(({ variant }) => variant);
    return variants.filter(({ kernel }) => kernel.name.startsWith("rnn_rows"));
  });
  const variants = new Map(rows.map((variant) => [variantKey(variant), variant]));
  expect(variants.size).toBeGreaterThan(0);
  for (const variant of variants.values()) {
    vi.resetModules();
    const { composeShader, loadPartsOf } = await import("../../src/gpu/shader.ts");
    await loadPartsOf(variant);
    expect(composeShader(variant).source).not.toBe("");
  }
});
