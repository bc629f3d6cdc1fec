import { whole } from "../check.ts";
import { type Vocabulary, vocabularyFrom } from "../data/characters.ts";
import { refuse, WebgpuRnnError } from "../errors.ts";
import { parametersAmong } from "../nn/parameters.ts";
import type { Model } from "../nn/sequential.ts";
import type { NamedTensors } from "../tensor.ts";
import type { TrainingState } from "../train/training-state.ts";
import { checksum } from "./digest.ts";
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

type Metadata = Readonly<Record<string, string>>;

const FORMAT = "webgpu-rnn";
/** Files of version 1 may lack a checksum; theirs covers the tensors alone. */
const VERSIONS = ["1", "2"];

/**
 * One safetensors file: weights and training state as tensors, all else as JSON in its metadata.
 * @throws WebgpuRnnError when the weights do not fit the model
 */
export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { model, vocabulary, training } = checkpoint;
  const weights = parametersAmong("checkpoint", model, checkpoint.weights);
  const metadata: Record<string, string> = {
    format: FORMAT,
    version: "2",
    model: JSON.stringify(describeModel(model)),
  };
  if (vocabulary) metadata.vocabulary = JSON.stringify(vocabulary);
  if (training) {
    const { options, state } = training;
    const { steps, counters, choices } = state;
    metadata.training = JSON.stringify({ options, steps, counters, choices });
  }
  const tensors = new Map([...weights, ...(training?.state.tensors ?? [])]);
  return writeSafetensors(tensors, { ...metadata, checksum: checksum(tensors, metadata) });
}

/** @throws WebgpuRnnError when the file is damaged, not a checkpoint of webgpu-rnn, or its tensors do not fit its model */
export function readCheckpoint(file: ArrayBuffer | Uint8Array): Checkpoint {
  const { tensors, metadata } = readSafetensors(file);
  if (metadata.format !== FORMAT || !VERSIONS.includes(metadata.version ?? "none")) {
    throw refuse({
      what: "checkpoint",
      expected: `format ${FORMAT}, version ${VERSIONS.join(" or ")} in its metadata`,
      got: `format ${metadata.format ?? "none"}, version ${metadata.version ?? "none"}`,
      cure: "read other safetensors files with readSafetensors and describe the model yourself",
    });
  }
  checkWhole(tensors, metadata);
  const model = buildModel(parse(metadata, "model"));
  const weights = parametersAmong("checkpoint", model, tensors);
  const vocabulary = metadata.vocabulary === undefined ? undefined : readVocabulary(metadata, model);
  if (metadata.training === undefined) return { model, weights, vocabulary };
  const rest = new Map([...tensors].filter(([name]) => !weights.has(name)));
  return { model, weights, vocabulary, training: readTraining(metadata, rest) };
}

function checkWhole(tensors: NamedTensors, { checksum: given, ...texts }: Metadata): void {
  if (texts.version === "1" && given === undefined) return;
  const got = texts.version === "1" ? checksum(tensors) : checksum(tensors, texts);
  if (got === given) return;
  const expected = `content of checksum ${given ?? "(none is given)"}`;
  throw refuse({ what: "checkpoint", expected, got, cure: "the file is damaged; copy or save it again" });
}

function readVocabulary(metadata: Metadata, model: Model): Vocabulary {
  const characters = parse(metadata, "vocabulary");
  const outputs = model.layers.at(-1)?.output;
  if (!Array.isArray(characters) || characters.length !== outputs) {
    const got = Array.isArray(characters) ? `${characters.length}` : JSON.stringify(characters);
    throw refuse({ what: "checkpoint: vocabulary", expected: `a list of ${outputs} characters`, got });
  }
  return vocabularyFrom(characters);
}

function readTraining(metadata: Metadata, tensors: NamedTensors): CheckpointTraining {
  const { options, steps, counters, choices = {} } = (parse(metadata, "training") ?? {}) as Record<string, unknown>;
  if (typeof options !== "object" || options === null || !Array.isArray(counters)) {
    throw refuse({
      what: "checkpoint: training",
      expected: "options, steps and counters",
      got: metadata.training as string,
    });
  }
  whole("checkpoint: steps", steps as number, 0);
  for (const count of counters) whole("checkpoint: counters", count, 0, 2 ** 32 - 1);
  const state = { steps: steps as number, counters, tensors, choices: Object(choices) as Record<string, string> };
  return { options: options as Record<string, unknown>, state };
}

/**
 * Loads a trained model as a page needs it.
 * @param source what `fetch` gives, or the bytes of the file
 * @throws WebgpuRnnError when the answer is not the file, the file is refused by {@link readCheckpoint}, or it holds no
 *   vocabulary
 */
export async function loadModel(
  source: Response | Blob | ArrayBuffer | Uint8Array,
): Promise<Checkpoint & { readonly vocabulary: Vocabulary }> {
  const checkpoint = readCheckpoint(await bytesOf(source));
  const { vocabulary } = checkpoint;
  if (vocabulary) return { ...checkpoint, vocabulary };
  throw refuse({
    what: "loadModel",
    expected: "a model of characters, with its vocabulary",
    got: "a checkpoint without one",
    cure: "read it with readCheckpoint",
  });
}

async function bytesOf(source: Response | Blob | ArrayBuffer | Uint8Array): Promise<ArrayBuffer | Uint8Array> {
  if (source instanceof ArrayBuffer || source instanceof Uint8Array) return source;
  if (!(source instanceof Blob || source instanceof Response)) {
    const expected = "the answer of fetch, a Blob or the bytes of a file";
    throw refuse({ what: "loadModel", expected, got: typeof source === "object" ? "another object" : String(source) });
  }
  if (source instanceof Response && !source.ok) {
    throw refuse({ what: `loadModel: ${source.url}`, expected: "a file", got: `status ${source.status}` });
  }
  return source.arrayBuffer();
}

function parse(metadata: Metadata, key: string): unknown {
  try {
    return JSON.parse(metadata[key] ?? "");
  } catch (cause) {
    throw new WebgpuRnnError(`checkpoint: its "${key}" is not JSON; the file is damaged`, { cause });
  }
}
