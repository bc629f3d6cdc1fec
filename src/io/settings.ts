import { refuse } from "../errors.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError } from "../losses/element-losses.ts";
import type { Loss } from "../losses/loss.ts";
import { adagrad } from "../optim/adagrad.ts";
import { adam, adamW } from "../optim/adam.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { rmsprop } from "../optim/rmsprop.ts";
import { constant, cosine, exponential, oneCycle, type Schedule, stepDecay, warmUp } from "../optim/schedules.ts";
import { sgd } from "../optim/sgd.ts";

/** A plain value of the engine as a file describes it: the name of what makes it, and the options. */
export type Described = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** What makes values of one sort again, by name. */
type Builders<Value> = Readonly<Record<string, (config: never) => Value>>;

const LOSSES: Builders<Loss> = { binaryCrossEntropy, crossEntropy, huber, meanAbsoluteError, meanSquaredError };

const OPTIMIZERS: Builders<Optimizer> = { adagrad, adam, adamW, rmsprop, sgd };

const SCHEDULES: Builders<Schedule> = {
  constant: ({ factor }: { factor: number }) => constant(factor),
  cosine: ({ length, minimum }: { length: number; minimum: number }) => cosine(length, minimum),
  exponential: ({ factor }: { factor: number }) => exponential(factor),
  oneCycle: ({ length, ...shape }: { length: number }) => oneCycle(length, shape),
  stepDecay: ({ every, factor }: { every: number; factor: number }) => stepDecay(every, factor),
  warmUp: ({ length, next, start }: { length: number; next: Described; start: number }) =>
    warmUp(length, buildSchedule(next), start),
};

export const describe = ({ kind, config }: { readonly kind: string; readonly config?: object }): Described => ({
  kind,
  ...config,
});

export const buildLoss = (description: unknown): Loss => build("loss", LOSSES, description);
export const buildOptimizer = (description: unknown): Optimizer => build("optimizer", OPTIMIZERS, description);
export const buildSchedule = (description: unknown): Schedule => build("schedule", SCHEDULES, description);

/** @throws WebgpuRnnError when there is no such kind, or its maker refuses an option */
function build<Value>(what: string, builders: Builders<Value>, description: unknown): Value {
  const { kind, ...config } = (description ?? {}) as Described;
  const builder = Object.hasOwn(builders, kind) ? builders[kind] : undefined;
  if (builder) return builder(config as never);
  throw refuse({
    what: `checkpoint: ${what}`,
    expected: `one of ${Object.keys(builders).join(", ")}`,
    got: JSON.stringify(kind) ?? "none",
    cure: "one of your own is not in the file: give it to resumeCheckpoint",
  });
}
