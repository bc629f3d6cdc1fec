import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { ids, noise } from "../cases.ts";

export type Kind = "training" | "sampling" | "inference";

/**
 * What every library does. Training and sampling: embedding → `layers` recurrent layers → linear, over ids; inference:
 * the recurrent layers alone, over features.
 */
export interface Workload {
  readonly name: string;
  readonly kind: Kind;
  /** A GRU's reset gate comes after the product with R. */
  readonly cell: "lstm" | "gru";
  readonly vocabulary: number; // V
  readonly features: number; // E, or I of the recurrent layers alone
  readonly hidden: number; // H
  readonly layers: number; // L
  readonly batch: number; // B
  /** T; of sampling, how many tokens are drawn. */
  readonly time: number;
}

/** What every library is given, sequences time-major. */
export interface Given {
  /** By the names of PyTorch's `nn.Sequential`. */
  readonly weights: NamedTensors;
  /** Ids [T, B], or features [T, B, I]. Sampling begins with the first. */
  readonly inputs: Uint32Array | Float32Array;
  /** Ids [T, B] of training. */
  readonly targets: Uint32Array;
}

/** Training's: Adam as PyTorch has it, after `clip_grad_norm_`. */
export const TRAINING = { learningRate: 2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clipNorm: 1 } as const;

const CHARACTERS = { cell: "lstm", vocabulary: 65, features: 64, hidden: 128, layers: 1 } as const;

type Sizes = Omit<Workload, "name">;

const layersOf = ({ cell, hidden, layers }: Sizes): string =>
  `${layers > 1 ? `${layers} × ` : ""}${cell.toUpperCase()}(${hidden})`;

const NAMES: Readonly<Record<Kind, (sizes: Sizes) => string>> = {
  training: (sizes) => `${layersOf(sizes)}, training step`,
  sampling: ({ time }) => `${time} characters, one by one`,
  inference: (sizes) => `${layersOf(sizes)}, inference`,
};

const named = (sizes: Sizes): Workload => ({ name: NAMES[sizes.kind](sizes), ...sizes });

export const WORKLOADS: readonly Workload[] = [
  { name: "character model, training step", kind: "training", ...CHARACTERS, batch: 32, time: 64 },
  named({ kind: "sampling", ...CHARACTERS, batch: 1, time: 200 }),
  named({
    kind: "inference",
    ...{ cell: "lstm", vocabulary: 0, features: 256, hidden: 256, layers: 1, batch: 1, time: 100 },
  }),
  named({ kind: "training", ...CHARACTERS, hidden: 256, layers: 2, batch: 16, time: 50 }),
  named({ kind: "training", ...CHARACTERS, cell: "gru", hidden: 256, batch: 16, time: 100 }),
];

/** The same at sizes that are done in a moment. */
export const small = ({ name: _, ...sizes }: Workload): Workload =>
  named({
    ...sizes,
    vocabulary: Math.min(sizes.vocabulary, 11),
    features: 8,
    hidden: 16,
    batch: Math.min(sizes.batch, 3),
    time: Math.min(sizes.time, 6),
  });

export function modelOf({ kind, cell, vocabulary, features, hidden, layers }: Workload): Model {
  const recurrent = { lstm, gru }[cell](features, hidden, { layers });
  if (kind === "inference") return sequential(recurrent);
  return sequential(embedding(vocabulary, features), recurrent, linear(hidden, vocabulary));
}

/** The same bits in every page and process. */
export function givenFor(workload: Workload): Given {
  const { kind, vocabulary, features, batch, time } = workload;
  const steps = batch * time;
  return {
    weights: initialWeights(modelOf(workload), 1),
    inputs: kind === "inference" ? noise(steps * features, 0) : ids(steps, 0, vocabulary),
    targets: kind === "training" ? ids(steps, 1, vocabulary) : new Uint32Array(),
  };
}

/** Names of a recurrent layer's parameters begin with this. */
export const recurrentPrefix = ({ kind }: Workload): string => (kind === "inference" ? "0." : "1.");
