import { ADDING_BASELINE, addingProblem } from "../../src/data/tasks/adding-problem.ts";
import { COPY_VOCABULARY, copyBaseline, copyMemory } from "../../src/data/tasks/copy-memory.ts";
import { embeddedReber, REBER_SYMBOLS } from "../../src/data/tasks/embedded-reber.ts";
import { mackeyGlass } from "../../src/data/tasks/mackey-glass.ts";
import { parity } from "../../src/data/tasks/parity.ts";
import { sine } from "../../src/data/tasks/sine.ts";
import type { TimedTaskOptions } from "../../src/data/tasks/task.ts";
import { TEMPORAL_ORDER_SYMBOLS, temporalOrder } from "../../src/data/tasks/temporal-order.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { meanSquaredError } from "../../src/losses/element-losses.ts";
import type { Loss } from "../../src/losses/loss.ts";
import { gru } from "../../src/nn/gru.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { oneHot } from "../../src/nn/one-hot.ts";
import { lastStep } from "../../src/nn/pooling.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import type { Job, Rows } from "./job.ts";

/** How large a task is played. */
export interface Size {
  readonly time: number; // T; of copy memory, delay + 20
  readonly hidden: number; // H
  readonly batch: number; // B
  readonly steps: number;
  /** Of Adam; left out where it is the task's. */
  readonly learningRate?: number;
}

/** A task of `webgpu-rnn/data`, and how it is learned. */
interface LearningTask {
  readonly full: Size;
  /** For software adapters. */
  readonly small: Size;
  readonly learningRate: number;
  readonly loss: Loss;
  /** Loss of the best answer that remembers nothing, or of an obvious one; NaN where none is known. */
  baseline(size: Size): number;
  model(hidden: number): Model;
  rows(options: TimedTaskOptions): Columns;
}

interface Columns {
  readonly inputs: readonly ArrayLike<number>[];
  readonly targets: readonly ArrayLike<number>[];
  readonly lengths?: ArrayLike<number>;
}

/** Rows that are held out, one batch of them after the other. */
const HELD_OUT_BATCHES = 8;

const classified = (symbols: number, classes: number, cell: (inputs: number) => Layer, hidden: number): Model =>
  sequential(oneHot(symbols), cell(symbols), linear(hidden, classes));

/** Of a forecast of numbers at every step. */
const forecast = {
  learningRate: 5e-3,
  loss: meanSquaredError(),
  model: (hidden: number) => sequential(gru(1, hidden), linear(hidden, 1)),
};

export const TASKS: Readonly<Record<string, LearningTask>> = {
  adding: {
    full: { time: 100, hidden: 64, batch: 32, steps: 4000 },
    small: { time: 50, hidden: 32, batch: 32, steps: 800 },
    learningRate: 5e-3,
    loss: meanSquaredError(),
    baseline: () => ADDING_BASELINE,
    model: (hidden) => sequential(gru(2, hidden), lastStep(), linear(hidden, 1)),
    rows: addingProblem,
  },
  copy: {
    full: { time: 120, hidden: 128, batch: 32, steps: 6000 },
    small: { time: 21, hidden: 64, batch: 32, steps: 4500, learningRate: 1e-2 },
    learningRate: 5e-3,
    loss: crossEntropy(),
    baseline: ({ time }) => copyBaseline(time - 20),
    model: (hidden) =>
      classified(
        COPY_VOCABULARY,
        COPY_VOCABULARY,
        (symbols) => gru(symbols, hidden, { initial: { recurrent: "orthogonal" } }),
        hidden,
      ),
    rows: ({ time, ...options }) => copyMemory({ ...options, delay: time - 20 }),
  },
  "temporal-order": {
    full: { time: 110, hidden: 64, batch: 32, steps: 2000 },
    small: { time: 33, hidden: 32, batch: 32, steps: 500 },
    learningRate: 1e-2,
    loss: crossEntropy(),
    baseline: () => Math.log(4),
    model: (hidden) => {
      const symbols = TEMPORAL_ORDER_SYMBOLS.length;
      return sequential(oneHot(symbols), gru(symbols, hidden), lastStep(), linear(hidden, 4));
    },
    rows: temporalOrder,
  },
  reber: {
    full: { time: 40, hidden: 32, batch: 32, steps: 1500 },
    small: { time: 25, hidden: 16, batch: 32, steps: 400 },
    learningRate: 1e-2,
    loss: crossEntropy(),
    baseline: () => Number.NaN,
    model: (hidden) =>
      classified(REBER_SYMBOLS.length, REBER_SYMBOLS.length, (symbols) => lstm(symbols, hidden), hidden),
    rows: embeddedReber,
  },
  parity: {
    full: { time: 50, hidden: 32, batch: 32, steps: 4000 },
    small: { time: 12, hidden: 16, batch: 32, steps: 800 },
    learningRate: 1e-2,
    loss: crossEntropy(),
    baseline: () => Math.LN2,
    model: (hidden) => classified(2, 2, (bits) => lstm(bits, hidden), hidden),
    rows: parity,
  },
  sine: {
    ...forecast,
    full: { time: 100, hidden: 64, batch: 32, steps: 1500 },
    small: { time: 50, hidden: 32, batch: 32, steps: 400 },
    baseline: () => 0.5, // of always 0
    rows: sine,
  },
  "mackey-glass": {
    ...forecast,
    full: { time: 100, hidden: 64, batch: 32, steps: 1500 },
    small: { time: 50, hidden: 32, batch: 32, steps: 400 },
    baseline: () => Number.NaN,
    rows: mackeyGlass,
  },
};

/** The rows of a task's training and those held out come from seeds of their own. */
export function taskJob(task: LearningTask, size: Size, seed: number): Job {
  const { loss, model, rows } = task;
  const { time, hidden, batch, steps, learningRate = task.learningRate } = size;
  const training = cut(rows({ batch: batch * steps, time, seed }), batch);
  const heldOut = cut(rows({ batch: batch * HELD_OUT_BATCHES, time, seed: seed + 1_000_000 }), batch);
  return { model: model(hidden), loss, batch, time, learningRate, seed, at: [steps], training, heldOut };
}

function cut({ inputs, targets, lengths }: Columns, batch: number): Rows[] {
  return Array.from({ length: inputs.length / batch }, (_, place) => {
    const part = [place * batch, (place + 1) * batch] as const;
    const rows = { inputs: inputs.slice(...part), targets: targets.slice(...part) };
    return lengths ? { ...rows, lengths: Array.from(lengths).slice(...part) } : rows;
  });
}
