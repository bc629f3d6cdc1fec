import { describe, expect, test } from "vitest";
import { gru } from "../../src/nn/gru.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { together } from "../../src/ops/parts.ts";
import { recordNetwork } from "../../src/run/network.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import type { Target } from "../../src/variant.ts";

/** A slab, and another. */
const [slab, other] = [tensor("slab", [1000]), tensor("other", [1000])];

const at = (offset: number, length = 10, of = slab): Tensor => ({ ...of, offset, shape: [length] });

const groupsOf = (tensors: readonly Tensor[], most?: number) =>
  together(
    tensors.map((x) => ({ bindings: { x } })),
    most,
  ).map(({ parts, bindings: { x }, distances }) => [parts.length, x?.offset, x?.shape[0], distances.x_part]);

describe("parts are put together", () => {
  test.each([
    { name: "one", tensors: [at(64)], groups: [[1, 64, 10, 0]] },
    { name: "at equal distances", tensors: [at(0), at(64), at(128)], groups: [[3, 0, 138, 64]] },
    { name: "in one place", tensors: [at(64), at(64)], groups: [[2, 64, 10, 0]] },
    {
      name: "as far as distances are equal",
      tensors: [at(0), at(64), at(256), at(448)],
      groups: [
        [2, 0, 74, 64],
        [2, 256, 202, 192],
      ],
    },
    {
      name: "not backwards",
      tensors: [at(64), at(0)],
      groups: [
        [1, 64, 10, 0],
        [1, 0, 10, 0],
      ],
    },
    {
      name: "not of other lengths",
      tensors: [at(0), at(64, 11)],
      groups: [
        [1, 0, 10, 0],
        [1, 64, 11, 0],
      ],
    },
    {
      name: "not in other storages",
      tensors: [at(0), at(64, 10, other)],
      groups: [
        [1, 0, 10, 0],
        [1, 64, 10, 0],
      ],
    },
    {
      name: "as many as are wanted",
      most: 2,
      tensors: [at(0), at(64), at(128)],
      groups: [
        [2, 0, 74, 64],
        [1, 128, 10, 0],
      ],
    },
  ])("$name", ({ tensors, groups, most }) => {
    expect(groupsOf(tensors, most)).toEqual(groups);
  });

  test("where all that they bind allows it", () => {
    const parts = [0, 64].map((offset, p) => ({ bindings: { x: at(offset), y: at(offset, 10, p ? other : slab) } }));
    expect(together(parts)).toHaveLength(2);
  });
});

/** By label, how many parts a dispatch has that is no step of the recurrence. */
function partsOf(layer: Layer, target: Partial<Target> = {}): Record<string, number> {
  const model = sequential(layer);
  const shape = { batch: 2, time: 3, masked: false, gradients: true, seed: 1 };
  const { plan } = recordNetwork({ model, layout: layOut(model) }, shape, {
    storage: 16_384,
    invocations: 256,
    software: false,
    ...target,
  });
  const named = plan.steps.filter(({ label }) => /packed|weight|bias/.test(label));
  const count = new Map<string, number>();
  return Object.fromEntries(
    named.map(({ label, workgroups }) => {
      const name = label.slice(label.indexOf(".", 2) + 1);
      count.set(name, (count.get(name) ?? 0) + 1);
      return [`${name}${"'".repeat((count.get(name) as number) - 1)}`, workgroups[2]];
    }),
  );
}

test("directions share what packs their weights and the products and sums of their gradients", () => {
  expect(partsOf(gru(4, 5, { direction: "bidirectional", reset: "before" }))).toEqual({
    packed: 2,
    packed_second: 2,
    "weight_ih_l0_gradient and 1 more": 2,
    "weight_hh_l0_gradient and 1 more": 2,
    "weight_hh_l0_gradient and 1 more'": 2,
    bias_gradient: 2,
  });
});

test("so do the layers of a wavefront; W of the first has other sizes", () => {
  expect(partsOf(lstm(4, 5, { layers: 4, peepholes: true, machine: "wavefront" }))).toEqual({
    packed: 4,
    "packed'": 3,
    weight_ih_l0_gradient: 1,
    "weight_ih_l1_gradient and 2 more": 3,
    "weight_hh_l0_gradient and 3 more": 4,
    bias_gradient: 4,
    "bias_gradient'": 4,
  });
});

test("what DropConnect has drawn for each direction is packed by itself", () => {
  expect(partsOf(lstm(4, 5, { direction: "bidirectional", dropConnect: 0.5 }))).toMatchObject({
    packed: 1,
    "packed'": 1,
    "weight_ih_l0_gradient and 1 more": 2,
  });
});
