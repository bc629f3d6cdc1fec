import { type Vocabulary, vocabularyFrom } from "../data/characters.ts";
import { refuse, WebgpuRnnError } from "../errors.ts";
import { parametersAmong } from "../nn/parameters.ts";
import type { Model } from "../nn/sequential.ts";
import type { NamedTensors } from "../tensor.ts";
import type { TrainingState } from "../train/training-state.ts";
import { buildModel, describeModel } from "./layers.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** A model that has learned something, and what it takes to use it or to train it on. */
export interface Checkpoint {
  readonly model: Model;
  /** By PyTorch's parameter names, such as `1.weight_ih_l0`. */
  readonly weights: NamedTensors;
  /** For models of characters. */
  readonly vocabulary?: Vocabulary | undefined;
  readonly training?: CheckpointTraining | undefined;
}

export interface CheckpointTraining {
  readonly state: TrainingState;
  /** How the run was set up, such as batch, time and learning rate: plain JSON, kept as given. */
  readonly options: Readonly<Record<string, unknown>>;
}

const FORMAT = "webgpu-rnn";
const VERSION = "1";

/** One safetensors file: weights and training state as tensors, all else as JSON in its metadata. */
export function writeCheckpoint({ model, weights, vocabulary, training }: Checkpoint): Uint8Array<ArrayBuffer> {
  const metadata: Record<string, string> = {
    format: FORMAT,
    version: VERSION,
    model: JSON.stringify(describeModel(model)),
  };
  if (vocabulary) metadata.vocabulary = JSON.stringify(vocabulary);
  if (!training) return writeSafetensors(weights, metadata);
  const { options, state } = training;
  const { tensors, steps, counters } = state;
  metadata.training = JSON.stringify({ options, steps, counters });
  return writeSafetensors(new Map([...weights, ...tensors]), metadata);
}

/** @throws WebgpuRnnError when the file is damaged, not a checkpoint of webgpu-rnn, or its tensors do not fit its model */
export function readCheckpoint(file: ArrayBuffer | Uint8Array): Checkpoint {
  const { tensors, metadata } = readSafetensors(file);
  if (metadata.format !== FORMAT || metadata.version !== VERSION) {
    throw refuse({
      what: "checkpoint",
      expected: `format ${FORMAT}, version ${VERSION} in its metadata`,
      got: `format ${metadata.format ?? "none"}, version ${metadata.version ?? "none"}`,
      cure: "read other safetensors files with readSafetensors and describe the model yourself",
    });
  }
  const model = buildModel(parse(metadata, "model"));
  const weights = parametersAmong("checkpoint", model, tensors);
  const vocabulary = metadata.vocabulary ? vocabularyFrom(parse(metadata, "vocabulary")) : undefined;
  if (!metadata.training) return { model, weights, vocabulary };
  const { options, ...progress } = parse<{ options: Record<string, unknown>; steps: number; counters: number[] }>(
    metadata,
    "training",
  );
  const rest = new Map([...tensors].filter(([name]) => !weights.has(name)));
  return { model, weights, vocabulary, training: { options, state: { ...progress, tensors: rest } } };
}

/**
 * Loads a trained model as a page needs it.
 * @param source what `fetch` gives, or the bytes of the file
 * @throws WebgpuRnnError when the answer is not the file, or the file is refused by {@link readCheckpoint}
 */
export async function loadModel(source: Response | Blob | ArrayBuffer | Uint8Array): Promise<Checkpoint> {
  if (source instanceof ArrayBuffer || source instanceof Uint8Array) return readCheckpoint(source);
  if ("ok" in source && !source.ok) {
    throw refuse({ what: `loadModel: ${source.url}`, expected: "a file", got: `status ${source.status}` });
  }
  return readCheckpoint(await source.arrayBuffer());
}

function parse<Value>(metadata: Readonly<Record<string, string>>, key: string): Value {
  try {
    return JSON.parse(metadata[key] ?? "");
  } catch (cause) {
    throw new WebgpuRnnError(`checkpoint: its "${key}" is not JSON; the file is damaged`, { cause });
  }
}
