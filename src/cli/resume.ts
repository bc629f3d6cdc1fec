import { basename } from "node:path";
import { refuse } from "../errors.ts";
import type { Checkpoint } from "../io/checkpoint.ts";
import type { Layer } from "../nn/layer.ts";
import type { Model } from "../nn/sequential.ts";
import { flagOf } from "./arguments.ts";
import { DEFAULTS } from "./defaults.ts";
import { holdOut } from "./held-out.ts";
import { naming } from "./naming.ts";
import type { GivenTraining, Run, RunOptions } from "./run.ts";
import type { Text } from "./text.ts";
import { misuse } from "./usage-error.ts";

/**
 * Goes on with the run that a checkpoint has stopped in: on the same text where it stopped, on another from its start.
 * @param path of the checkpoint, for messages
 * @throws WebgpuRnnError when the checkpoint is no run of `train`, the text has other characters, an option contradicts
 *   the run, or no steps are left
 */
export function resumedRun(checkpoint: Checkpoint, path: string, text: Text, given: GivenTraining): Run {
  const { model, weights, vocabulary, training } = checkpoint;
  const options = training?.options as RunOptions | undefined;
  if (!vocabulary || !training || !options?.text) {
    const got = training ? "one that another program has trained" : "one without its training state";
    throw refuse({ what: path, expected: "a checkpoint of webgpu-rnn train", got });
  }
  const { validation = DEFAULTS.validation } = options; // versions before the option kept none
  refuseContradictions(path, given, {
    ...recurrentPart(model),
    batch: options.batch,
    time: options.time,
    seed: options.seed,
    validation,
  });
  if (text.mark.file === null && options.text.file !== null) {
    throw misuse({ what: "FILE", expected: `the text of ${path}, such as ${options.text.file}`, got: "none" });
  }
  const { state } = training;
  const steps = given.steps ?? options.steps;
  if (steps <= state.steps) {
    const expected = `more than the ${state.steps} that ${path} has behind it`;
    throw misuse({ what: "--steps", expected, got: String(steps), cure: `such as --steps ${2 * state.steps}` });
  }
  const ids = naming(text.name, () => vocabulary.encode(text.content));
  return {
    textName: text.name,
    model,
    vocabulary,
    options: {
      ...options,
      validation,
      text: text.mark,
      steps,
      learningRate: given.lr ?? options.learningRate,
      clipNorm: given.clip ?? options.clipNorm,
      cursor: text.mark.sha256 === options.text.sha256 ? options.cursor : 0,
    },
    ...holdOut(text.name, ids, options.batch, options.time, validation),
    before: { weights, state },
  };
}

/** What the resumed run has settled; an option may repeat it. */
function refuseContradictions(
  path: string,
  given: GivenTraining,
  settled: Readonly<Record<string, number | string>>,
): void {
  for (const [name, value] of Object.entries(settled)) {
    const wanted = given[name as keyof GivenTraining];
    if (wanted === undefined || wanted === value) continue;
    const expected = `${value}, as in ${basename(path)}`;
    throw misuse({ what: flagOf(name), expected, got: String(wanted), cure: "leave it out, or leave --resume out" });
  }
}

/** The second layer of three, as `train` builds its models. */
function recurrentPart({ layers }: Model): { cell: string; hidden: number; layers: number } {
  const { kind, config } = layers[1] as Layer;
  return { cell: kind, hidden: config.hidden as number, layers: config.layers as number };
}
