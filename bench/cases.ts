import { embedding } from "../src/nn/embedding.ts";
import { linear } from "../src/nn/linear.ts";
import { lstm } from "../src/nn/lstm.ts";
import { type Model, sequential } from "../src/nn/sequential.ts";
import type { Machine } from "../src/ops/machine-options.ts";
import { adam } from "../src/optim/adam.ts";
import { threefry, uniformFrom } from "../src/random.ts";

/** Sizes of a character model and of its batches. */
export interface Case {
  readonly vocabulary: number; // V
  readonly features: number; // E
  readonly hidden: number; // H
  readonly batch: number; // B
  readonly time: number; // T
}

/** What is measured. */
export const MAIN: Case = { vocabulary: 65, features: 64, hidden: 128, batch: 32, time: 64 };

/** Sizes at which every kernel is played, and sides of square products; a float64 twin plays the same on the host. */
export const SWEEP = {
  software: { cases: [{ ...MAIN, hidden: 32, batch: 8, time: 16 }, MAIN], squares: [64, 128, 256, 512] },
  hardware: {
    cases: [{ ...MAIN, hidden: 32, batch: 8, time: 16 }, MAIN, { ...MAIN, hidden: 512, batch: 64 }],
    squares: [64, 128, 256, 512, 1024],
  },
} as const;

/** So small that a step is all overhead: for what must not grow with the number of steps. */
export const TINY: Case = { vocabulary: 5, features: 4, hidden: 4, batch: 1, time: 2 };

/** The times over which a step's dispatches are counted. */
export const TIMES: readonly number[] = [16, 64, 256, 1024];

export const MACHINES: readonly Machine[] = ["scan", "step"];

/** What every training of the bench has in common. */
export const TRAINING = { optimizer: adam({ learningRate: 2e-3 }), clipNorm: 1, seed: 1 };

/** embedding → LSTM → linear. */
export const characterModel = ({ vocabulary, features, hidden }: Case, machine: Machine): Model =>
  sequential(embedding(vocabulary, features), lstm(features, hidden, { machine }), linear(hidden, vocabulary));

/** Multiply-adds of a training step as the mathematics asks for them: each product once forward, and twice back. */
export const multiplyAddsOf = ({ vocabulary, features, hidden, batch, time }: Case): number =>
  3 * batch * time * (4 * hidden * (features + hidden) + hidden * vocabulary);

/** Ids that look random and are the same in every run. */
export const ids = (length: number, stream: number, below: number): Uint32Array =>
  Uint32Array.from({ length }, (_, i) => threefry(0, stream, i, 0)[0] % below);

/** Numbers in ±1 that look random and are the same in every run. */
export const noise = (length: number, stream: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => 2 * uniformFrom(threefry(0, stream, i, 0)[0]) - 1);
