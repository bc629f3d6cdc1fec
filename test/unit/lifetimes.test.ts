import { expect, test } from "vitest";
import { shareScratch } from "../../src/plan/lifetimes.ts";
import type { Step } from "../../src/plan/step.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";

const step = (...tensors: Tensor[]): Step => ({
  label: "step",
  variant: { kernel: { name: "none", source: "" } },
  bindings: Object.fromEntries(tensors.map((bound) => [bound.name, bound])),
  dims: {},
  workgroups: [1, 1, 1],
  multiplyAdds: 0,
});

const scratch = (name: string, length: number): Tensor => tensor(name, [length], { scratch: true });

test("storages share a buffer only when their lives do not meet", () => {
  const [a, b, c] = [scratch("a", 64), scratch("b", 128), scratch("c", 64)];
  const placed = shareScratch([step(a), step(a, b), step(b, c)]);
  expect(placed.get(c.storage)).toBe(placed.get(a.storage));
  expect(placed.get(b.storage)).not.toBe(placed.get(a.storage));
});

test("what is read in the end shares with what came before, not with what comes later", () => {
  const [a, b, c] = [scratch("a", 64), scratch("b", 64), scratch("c", 64)];
  const placed = shareScratch([step(a), step(b), step(c)], { kept: new Set([b.storage]) });
  expect(placed.get(b.storage)).toBe(placed.get(a.storage));
  expect(placed.get(c.storage)).not.toBe(placed.get(b.storage));
});

test("two storages of one step never share", () => {
  const [a, b] = [scratch("a", 64), scratch("b", 64)];
  const placed = shareScratch([step(a, b)]);
  expect(placed.get(a.storage)).not.toBe(placed.get(b.storage));
});

test("a shared buffer is as long as the longest of its users", () => {
  const [a, b] = [scratch("a", 64), scratch("b", 640)];
  const placed = shareScratch([step(a), step(b)]);
  expect(placed.get(a.storage)).toBe(placed.get(b.storage));
  expect(placed.get(a.storage)?.length).toBe(640);
});

test("the free buffer that wastes least is taken", () => {
  const [small, large, late] = [scratch("small", 64), scratch("large", 640), scratch("late", 64)];
  const placed = shareScratch([step(large, small), step(late)]);
  expect(placed.get(late.storage)).toBe(placed.get(small.storage));
});

test("what is not scratch stands for itself", () => {
  const kept = tensor("kept", [64]);
  expect(shareScratch([step(kept)]).get(kept.storage)).toBe(kept.storage);
});
