/**
 * What a run uses unless told otherwise. Batch, time, steps and learning rate are measured: with them a machine of two
 * cores without a GPU is done with the built-in corpus within 3 minutes, at 2.3 nats a held-out character or less.
 */
export const DEFAULTS = {
  cell: "lstm",
  hidden: 128,
  layers: 1,
  batch: 8,
  time: 64,
  steps: 400,
  lr: 0.01,
  clip: 1,
  seed: 0,
  validation: 0.1,
  out: "webgpu-rnn.safetensors",
  temperature: 0.7,
  topK: 0,
  topP: 1,
} as const;

/** What the layers may be made of. */
export const CELLS = ["lstm", "gru", "mgu", "rnn", "indrnn"] as const;

/** E, numbers that stand for one character at the input. */
export const EMBEDDING = 64;

/** Characters of the samples that a training run shows now and then. */
export const TRAINING_SAMPLE = 200;

/** Characters that `sample` writes. */
export const SAMPLE = 1000;
