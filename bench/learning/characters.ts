import { characters } from "../../src/data/characters.ts";
import { split } from "../../src/data/split.ts";
import { streams } from "../../src/data/streams.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";
import type { Job, Rows } from "./job.ts";

/** Sizes of the character model. */
interface CharacterSize {
  readonly features: number; // E
  readonly hidden: number; // H
  readonly batch: number; // B
  readonly time: number; // T
  /** Steps after which the held-out loss is measured. */
  readonly at: readonly number[];
}

export const FULL: CharacterSize = { features: 64, hidden: 128, batch: 32, time: 64, at: [500, 1500] };

/** For software adapters. */
export const SMALL: CharacterSize = { features: 32, hidden: 64, batch: 16, time: 32, at: [500, 1500] };

/** embedding → LSTM → linear on a text, whose last tenth is held out. */
export function characterJob(text: string, { features, hidden, batch, time, at }: CharacterSize, seed: number): Job {
  const vocabulary = characters(text);
  const parts = split(vocabulary.encode(text), 0.1);
  const training: Rows[] = [];
  for (const rows of streams(parts.training, { batch, time, epochs: Number.POSITIVE_INFINITY })) {
    if (training.push(rows) === at.at(-1)) break;
  }
  const { size } = vocabulary;
  return {
    model: sequential(embedding(size, features), lstm(features, hidden), linear(hidden, size)),
    loss: crossEntropy(),
    batch,
    time,
    learningRate: 2e-3,
    seed,
    at,
    training,
    heldOut: [...streams(parts.heldOut, { batch, time })],
  };
}
