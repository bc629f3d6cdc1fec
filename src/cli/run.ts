import { characters, type Vocabulary } from "../data/characters.ts";
import { embedding } from "../nn/embedding.ts";
import { gru } from "../nn/gru.ts";
import { linear } from "../nn/linear.ts";
import { lstm } from "../nn/lstm.ts";
import { mgu } from "../nn/mgu.ts";
import { indrnn, rnn } from "../nn/rnn.ts";
import { type Model, sequential } from "../nn/sequential.ts";
import type { NamedTensors } from "../tensor.ts";
import type { TrainingState } from "../train/training-state.ts";
import { type CELLS, DEFAULTS, EMBEDDING } from "./defaults.ts";
import { type HeldOut, holdOut } from "./held-out.ts";
import type { Given, trainOptions } from "./options.ts";
import type { Text, TextMark } from "./text.ts";

export type GivenTraining = Given<typeof trainOptions>;

/** How a run was set up, as its checkpoint keeps it. */
export interface RunOptions {
  readonly text: TextMark;
  readonly batch: number;
  readonly time: number;
  /** Steps of the whole run, from its first. */
  readonly steps: number;
  readonly learningRate: number;
  /** 0 for no clipping. */
  readonly clipNorm: number;
  readonly seed: number;
  /** Share of the text that is held out. */
  readonly validation: number;
  /** Batches drawn from the text so far. */
  readonly cursor: number;
}

/** All that a training run is made of, before there is a device. */
export interface Run {
  readonly textName: string;
  readonly model: Model;
  readonly vocabulary: Vocabulary;
  readonly options: RunOptions;
  /** [N] the ids to learn from. */
  readonly training: Uint32Array;
  readonly heldOut: HeldOut | undefined;
  /** Where the run goes on from. */
  readonly before: { readonly weights: NamedTensors; readonly state: TrainingState } | undefined;
}

/** By the names that `--cell` takes. */
const LAYERS = { lstm, gru, mgu, rnn, indrnn } satisfies Record<(typeof CELLS)[number], unknown>;

/** @throws WebgpuRnnError when the text does not fill a batch */
export function newRun(text: Text, given: GivenTraining): Run {
  const { cell, hidden, layers, batch, time, steps, lr, clip, seed, validation } = { ...DEFAULTS, ...given };
  const vocabulary = characters(text.content);
  const model = sequential(
    embedding(vocabulary.size, EMBEDDING),
    LAYERS[cell](EMBEDDING, hidden, { layers }),
    linear(hidden, vocabulary.size),
  );
  const options = {
    text: text.mark,
    batch,
    time,
    steps,
    learningRate: lr,
    clipNorm: clip,
    seed,
    validation,
    cursor: 0,
  };
  const parts = holdOut(text.name, vocabulary.encode(text.content), batch, time, validation);
  return { textName: text.name, model, vocabulary, options, ...parts, before: undefined };
}
