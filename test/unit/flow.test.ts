import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import { Flow } from "../../src/train/flow.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** A device with a budget of 100 ms whose submits take so long each, one after the other. */
function fakeGpu(milliseconds: number): Gpu {
  let free = 0;
  let compiling = 5000; // before the first
  const onSubmittedWorkDone = () => {
    free = Math.max(free, performance.now()) + milliseconds + compiling;
    compiling = 0;
    return new Promise((resolve) => setTimeout(resolve, free - performance.now()));
  };
  return { budget: 100, check: () => undefined, device: { queue: { onSubmittedWorkDone } } } as unknown as Gpu;
}

/** The pace after ten submits, three in the queue at a time. */
async function paceOf(milliseconds: number, expected: number): Promise<number> {
  const flow = new Flow(fakeGpu(milliseconds));
  for (let i = 0; i < 10; i++) {
    await flow.ready();
    flow.submitted(expected);
    if (i === 0) await vi.advanceTimersByTimeAsync(5000);
    if (i > 1) await vi.advanceTimersByTimeAsync(milliseconds);
  }
  await vi.advanceTimersByTimeAsync(3 * milliseconds);
  return flow.pace;
}

test("the pace is that of the latest submits, waiting for those before and compiling left out", async () => {
  expect(await paceOf(300, 100)).toBeCloseTo(3, 1);
  expect(await paceOf(50, 200)).toBeCloseTo(0.25, 2);
});

test("a submit too short to be told from waiting does not slow the pace down", async () => {
  expect(await paceOf(5, 0.1)).toBe(1);
});
