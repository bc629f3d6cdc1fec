import { basename } from "node:path";
import { streams } from "../data/streams.ts";
import { WebgpuRnnError } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { writeAtomically } from "../node/files.ts";
import { fit } from "../train/fit.ts";
import { CallCounts } from "./call-counts.ts";
import { saveCheckpoint } from "./checkpoint-file.ts";
import type { Drawing } from "./drawing.ts";
import { formatCount } from "./format.ts";
import { History } from "./history.ts";
import { learningCurve } from "./learning-curve.ts";
import type { Output } from "./output.ts";
import { asides, createPrograms } from "./programs.ts";
import type { Reporter, Result } from "./reporter.ts";
import type { Run } from "./run.ts";
import { type TrainingEvent, trainingLoop } from "./training-loop.ts";

/** Held-out batches that the last measurement takes at most; those on the way are a few. */
const LAST_VALIDATION = 64;

/** A device may be lost and a machine may stop: no more than about a minute should be lost with it. */
const SAVING = { pause: 60, share: 0.05 };

export interface TrainingOptions {
  readonly gpu: Gpu;
  readonly run: Run;
  /** How the samples on the way are drawn. */
  readonly drawing: Drawing;
  readonly output: Output;
  readonly reporter: Reporter;
  /** Aborted, it ends the run early, with everything written. */
  readonly signal: AbortSignal;
}

/**
 * Trains, and leaves a checkpoint and a learning curve however the training ends; none where no step was made.
 * @throws WebgpuRnnError when a loss or gradient is not finite; the checkpoint then holds the weights before
 */
export async function runTraining({ gpu, run, drawing, output, reporter, signal }: TrainingOptions): Promise<Result> {
  const { batch, time, steps, cursor } = run.options;
  const programs = await createPrograms(gpu, run, drawing);
  const { trainer, sample, validate } = programs;
  const { globals } = await import("webgpu");
  const counts = new CallCounts(globals);
  const history = new History(run.before?.state.tensors);
  let refused: number | undefined;
  const tell = (event: TrainingEvent): void => {
    history.add(event);
    reporter.event(event);
    if (event.kind === "refused") refused = event.step;
  };

  reporter.start(run, gpu);
  const began = performance.now();
  const batches = streams(run.training, { batch, time, epochs: Number.POSITIVE_INFINITY, from: cursor });
  const save = async (): Promise<TrainingEvent> => {
    await saveCheckpoint(output.checkpoint, run, trainer, history);
    return { kind: "saved" };
  };
  const title = `${basename(run.textName)}: ${formatCount(run.model.size)} parameters`;
  const leave = async (): Promise<void> => {
    if (trainer.steps === (run.before?.state.steps ?? 0)) return; // nothing learned: what stands there is worth more
    await save();
    await writeAtomically(output.curve, learningCurve({ ...history, title }));
  };
  const nowAndThen = [...asides(programs), { ...SAVING, run: save }];
  const events = fit(trainer, batches, { steps, signal });
  const loop = { trainer, events, steps, tokens: batch * time, asides: nowAndThen, counts, signal };
  try {
    for await (const event of trainingLoop(loop)) tell(event);
    if (trainer.steps === steps && refused === undefined) {
      if (validate) tell(await validate(LAST_VALIDATION));
      if (sample) tell(await sample());
    }
  } catch (error) {
    await leave().catch(() => undefined); // the first error tells more
    throw error;
  }
  await leave();
  if (refused !== undefined) throw notFinite(refused, output.checkpoint);
  const validation = history.validation.at(-1);
  return {
    steps: trainer.steps,
    loss: history.points.at(-1)?.loss ?? null,
    validationLoss: validation?.loss ?? null,
    validationStep: validation?.step ?? null,
    seconds: (performance.now() - began) / 1000,
    ...counts.perStep(),
  };
}

function notFinite(step: number, checkpoint: string): WebgpuRnnError {
  return new WebgpuRnnError(
    `train: the loss or its gradient stopped being finite at step ${step}. ${checkpoint} holds the weights before it; ` +
      "try a smaller --lr or --clip.",
  );
}
