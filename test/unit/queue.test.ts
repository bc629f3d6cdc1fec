import { describe, expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import { Meter } from "../../src/gpu/meter.ts";
import { type Commands, submit } from "../../src/gpu/queue.ts";

/** A device that writes down what it is told, a text for each submit. */
function fakeGpu(budget: number): { gpu: Gpu; submits: string[] } {
  const submits: string[] = [];
  const createCommandEncoder = () => {
    const told: string[] = [];
    return {
      beginComputePass: ({ label }: { label: string }) => ({ end: () => told.push(label) }),
      clearBuffer: () => told.push("clear"),
      copyBufferToBuffer: () => told.push("copy"),
      finish: () => told.join(" "),
    };
  };
  const queue = { submit: (buffers: string[]) => submits.push(...buffers) };
  return {
    gpu: { budget, check: () => undefined, device: { createCommandEncoder, queue } } as unknown as Gpu,
    submits,
  };
}

/** A pass for each dispatch. */
function play(commands: Commands, times: readonly number[]): void {
  commands.clearBuffer({} as GPUBuffer);
  for (const time of times) {
    commands.endsBefore?.(time);
    commands.beginComputePass({ label: String(time) }).end();
  }
  commands.copyBufferToBuffer({} as GPUBuffer, 0, {} as GPUBuffer, 0, 4);
}

describe("submit", () => {
  test("is one where all should take no longer than the budget, and tells how long that is", () => {
    const { gpu, submits } = fakeGpu(100);
    expect(submit(gpu, (commands) => play(commands, [60, 40]))).toBe(100);
    expect(submits).toEqual(["clear 60 40 copy"]);
  });

  test("is cut before what would make it longer, in order, and what is too long by itself is left whole", () => {
    const { gpu, submits } = fakeGpu(100);
    submit(gpu, (commands) => play(commands, [60, 41, 59, 300, 1]));
    expect(submits).toEqual(["clear 60", "41 59", "300", "1 copy"]);
  });

  test("is cut sooner where things take longer than expected", () => {
    const { gpu, submits } = fakeGpu(100);
    submit(gpu, (commands) => play(commands, [30, 20, 10]), 2);
    expect(submits).toEqual(["clear 30 20", "10 copy"]);
  });

  test("submits nothing where recording fails", () => {
    const { gpu, submits } = fakeGpu(10);
    const fail = (commands: Commands) => {
      play(commands, [9, 9]);
      throw new Error("no");
    };
    expect(() => submit(gpu, fail)).toThrow("no");
    expect(submits).toEqual([]);
  });
});

test("a meter without a budget never ends a submit", () => {
  const meter = new Meter(Number.POSITIVE_INFINITY);
  expect([1e9, 1e9].map((time) => meter.endsBefore(time))).toEqual([false, false]);
});
