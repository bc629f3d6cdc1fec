import { expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import { bytesOf } from "../../src/tensor.ts";
import { RECOMPUTATION_NEEDS } from "../../src/train/needs.ts";
import { heldBytes, heldTensors } from "../../src/train/recomputation.ts";
import { chooseStretch } from "../../src/train/stretch.ts";
import { recordTraining, trainingTensors } from "../../src/train/training-plan.ts";
import { TARGET } from "../play-training.ts";

const [batch, time] = [4, 1000];
const [model, loss] = [sequential(embedding(9, 16), lstm(16, 16, { machine: "scan" }), linear(16, 9)), crossEntropy()];
const largest = { batch, time };

/** @param limit bytes of the longest buffer that the device takes */
function choose({ limit = 2 ** 27, whole = false, memory }: { limit?: number; whole?: boolean; memory?: number }) {
  const layout = layOut(model);
  const limits = { maxBufferSize: 2 * limit, maxStorageBufferBindingSize: limit };
  return chooseStretch({ device: { limits } } as unknown as Parameters<typeof chooseStretch>[0], {
    ...{ model, loss, batch, time, memory, whole },
    recordFor: (stretches) => {
      const optimizer = adam();
      const tensors = trainingTensors(layout, { optimizer, stretches });
      return (shape) => recordTraining(model, layout, { optimizer, loss, seed: 0, target: TARGET, tensors, ...shape });
    },
  });
}

const wholeBytes = (await choose({})).recorded.plan.bytes;

test("a batch that fits is played as a whole", async () => {
  expect((await choose({ memory: wholeBytes })).shape).toEqual({ batch, time, masked: false, weighted: false });
});

test.each([1, 2, 4, 8])("all that a step takes stays within 1/%d of the memory less a byte", async (parts) => {
  const memory = Math.floor(wholeBytes / parts) - 1;
  const { shape, recorded } = await choose({ memory });
  expect(
    recorded.plan.bytes +
      heldBytes(heldTensors(model, loss, largest, recorded, RECOMPUTATION_NEEDS), RECOMPUTATION_NEEDS),
  ).toBeLessThanOrEqual(memory);
  expect(shape.time).toBeLessThan(time);
  const twice = await choose({ memory: 2 * memory });
  expect(twice.shape.time).toBeGreaterThan(shape.time);
});

test("no buffer of a stretch is longer than the device takes", async () => {
  const gates = batch * time * 4 * 16 * 4;
  const { shape, recorded } = await choose({ limit: gates / 3 });
  expect(shape.time).toBe(time / 4);
  const scratch = [...recorded.plan.placement.values()].filter((storage) => storage.scratch);
  expect(Math.max(...scratch.map(bytesOf))).toBeLessThanOrEqual(gates / 3);
});

test("what can only be played as a whole is, or is refused", async () => {
  expect((await choose({ limit: 1000, whole: true })).shape.time).toBe(time);
  const message = `createTrainer: memory: expected at least ${wholeBytes} bytes, got ${wholeBytes - 1}.`;
  await expect(choose({ memory: wholeBytes - 1, whole: true })).rejects.toThrow(message);
});
