import { adam, embedding, linear, lstm, type Model, sequential, type TrainerOptions } from "../src/index.ts";
import type { Shape } from "./dataset.ts";

const EMBEDDING = 64;

/** The network of this page. */
export function characterModel(vocabulary: number, hidden: number): Model {
  return sequential(embedding(vocabulary, EMBEDDING), lstm(EMBEDDING, hidden), linear(hidden, vocabulary));
}

/** How this page trains it. */
export const trainerOptions = (shape: Shape, learningRate: number): TrainerOptions => ({
  ...shape,
  optimizer: adam({ learningRate }),
  clipNorm: 1,
});
