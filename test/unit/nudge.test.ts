import { expect, test } from "vitest";
import { nudgeWhileWaiting } from "../../src/gpu/nudge.ts";

/** A device that looks only at a submit whether it is done, as Firefox does but for its timer. */
class Sleepy {
  submits = 0;
  #waiting: (() => void)[] = [];

  readonly queue = {
    submit: (_: readonly unknown[]): void => {
      this.submits += 1;
      for (const settle of this.#waiting.splice(0)) settle();
    },
    onSubmittedWorkDone: (): Promise<void> => this.#wait(true),
  };

  createBuffer({ size }: { size: number }) {
    return { mapAsync: (): Promise<void> => this.#wait(size > 0) };
  }

  #wait(kept: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(kept ? resolve : () => reject(new Error("lost")));
    });
  }
}

function nudged() {
  const sleepy = new Sleepy();
  nudgeWhileWaiting(sleepy as unknown as GPUDevice);
  return sleepy;
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 30));

test("what a device has done is told while it is waited for, and nothing is submitted else", async () => {
  const sleepy = nudged();
  await moment();
  expect(sleepy.submits).toBe(0);
  await sleepy.queue.onSubmittedWorkDone();
  await sleepy.createBuffer({ size: 4 }).mapAsync();
  await Promise.all([sleepy.queue.onSubmittedWorkDone(), sleepy.createBuffer({ size: 4 }).mapAsync()]);
  await moment();
  const { submits } = sleepy;
  expect(submits).toBeGreaterThan(2);
  await moment();
  expect(sleepy.submits).toBe(submits);
});

test("a wait that fails ends the looks, too, and fails as it did", async () => {
  const sleepy = nudged();
  await expect(sleepy.createBuffer({ size: 0 }).mapAsync()).rejects.toThrow("lost");
  await moment();
  const { submits } = sleepy;
  await moment();
  expect(sleepy.submits).toBe(submits);
});

test("a device that is opened twice is nudged once", async () => {
  const sleepy = nudged();
  const { createBuffer } = sleepy;
  nudgeWhileWaiting(sleepy as unknown as GPUDevice);
  expect(sleepy.createBuffer).toBe(createBuffer);
});
