import { describe, expect, test } from "vitest";
import { CallCounts } from "../../src/cli/call-counts.ts";
import { type LoopOptions, type TrainingEvent, trainingLoop } from "../../src/cli/training-loop.ts";
import { Fit } from "../../src/train/fit.ts";
import type { Trainer } from "../../src/train/trainer.ts";

const batch = { inputs: [new Uint32Array(6)], targets: [new Uint32Array(6)], start: false, cursor: 0 };
const batches = {
  *[Symbol.iterator]() {
    while (true) yield batch;
  },
};

/** A trainer whose step s has the loss `lossOf(s)`; a loss that is not finite counts as refused. */
function fakeTrainer(lossOf: (step: number) => number, steps = 0, refused = 0): Trainer {
  const losses: number[] = [];
  const trainer = {
    steps,
    step: () => {
      trainer.steps += 1;
      losses.push(lossOf(trainer.steps));
    },
    ready: async () => {},
    scaleRate: () => {},
    progress: async () => ({
      refused: refused + losses.filter((loss) => !Number.isFinite(loss)).length,
      losses: Float32Array.from(losses.slice(-256)),
    }),
  };
  return trainer as unknown as Trainer;
}

async function eventsOf(options: Partial<LoopOptions> & Pick<LoopOptions, "trainer">): Promise<TrainingEvent[]> {
  const { trainer, signal = new AbortController().signal } = options;
  const [steps, counts] = [300, new CallCounts({})];
  const told = new Fit(trainer, batches, { steps, signal });
  const events: TrainingEvent[] = [];
  const loop = { events: told, steps, tokens: 6, asides: [], counts, signal, ...options };
  for await (const event of trainingLoop(loop)) events.push(event);
  return events;
}

const stepsIn = (events: TrainingEvent[]) => events.flatMap((event) => (event.kind === "steps" ? event.steps : []));

describe("trainingLoop", () => {
  test("tells of every step once, with its own loss, the first at once", async () => {
    const events = await eventsOf({ trainer: fakeTrainer((step) => 1 / 2 ** (step % 8)) });
    expect(events[0]).toMatchObject({ kind: "steps", steps: [{ step: 1, loss: 1 / 2 }] });
    const steps = stepsIn(events);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    for (const { step, loss, tokensPerSecond } of steps) {
      expect(loss).toBe(1 / 2 ** (step % 8));
      expect(tokensPerSecond).toBeGreaterThan(0);
    }
  });

  test("goes on behind the steps of a resumed run", async () => {
    const trainer = fakeTrainer((step) => step, 297, 1);
    expect(stepsIn(await eventsOf({ trainer })).map(({ loss }) => loss)).toEqual([298, 299, 300]);
  });

  test("ends at a step that is refused, naming it", async () => {
    const trainer = fakeTrainer((step) => (step === 40 ? Number.NaN : 1));
    const events = await eventsOf({ trainer });
    expect(trainer.steps).toBeLessThanOrEqual(42);
    expect(stepsIn(events).length).toBe(39);
    expect(events.at(-1)).toEqual({ kind: "refused", step: 40 });
  });

  test("ends after the step at hand when it is told to", async () => {
    const controller = new AbortController();
    const trainer = fakeTrainer((step) => {
      if (step === 5) controller.abort();
      return step;
    });
    expect(stepsIn(await eventsOf({ trainer, signal: controller.signal })).length).toBe(5);
    expect(await eventsOf({ trainer, signal: controller.signal })).toEqual([]);
  });

  test("has time for other things, and leaves their calls out of the count", async () => {
    class Queue {
      submit(): void {}
    }
    const counts = new CallCounts({ GPUQueue: Queue });
    const queue = new Queue();
    const trainer = fakeTrainer(() => {
      queue.submit();
      return 1;
    });
    let runs = 0;
    const aside = {
      pause: 0,
      share: 1,
      run: async (): Promise<TrainingEvent> => {
        for (let call = 0; call < 7; call++) queue.submit();
        runs += 1;
        return { kind: "sample", step: trainer.steps, text: "" };
      },
    };
    const events = await eventsOf({ trainer, counts, asides: [aside] });
    expect(runs).toBeGreaterThan(1);
    expect(events.filter(({ kind }) => kind === "sample").length).toBe(runs);
    expect(counts.perStep()).toMatchObject({ submitsPerStep: 1, buffersCreatedPerStep: 0 });
  });
});

test("calls are counted on the prototypes, and go through", () => {
  class GPUDevice {
    createBuffer(size: number): number {
      return size;
    }
  }
  const counts = new CallCounts({ GPUDevice });
  const device = new GPUDevice();
  expect(counts.perStep()).toEqual({ dispatchesPerStep: null, submitsPerStep: null, buffersCreatedPerStep: null });
  device.createBuffer(1);
  counts.start();
  expect(device.createBuffer(7)).toBe(7);
  counts.stepped();
  counts.stepped();
  counts.pause();
  device.createBuffer(1);
  expect(counts.perStep()).toEqual({ dispatchesPerStep: 0, submitsPerStep: 0, buffersCreatedPerStep: 0.5 });
});
