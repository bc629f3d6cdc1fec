import type { Gpu } from "../gpu/device.ts";
import type { CallsPerStep } from "./call-counts.ts";
import type { Output } from "./output.ts";
import type { Run } from "./run.ts";
import type { TrainingEvent } from "./training-loop.ts";

/** Tells people or programs what a training run does. */
export interface Reporter {
  start(run: Run, gpu: Gpu): void;
  event(event: TrainingEvent): void;
  end(summary: Summary): void;
  /** Leaves the terminal as it was; called however the run ends. */
  close(): void;
}

/** What a run has come to. */
export interface Result extends CallsPerStep {
  /** Steps of the whole run. */
  readonly steps: number;
  /** Of the last step; null where there was none. */
  readonly loss: number | null;
  /** The latest; null where none was measured. */
  readonly validationLoss: number | null;
  /** The step after which that was measured; before the last where the run was stopped. Null likewise. */
  readonly validationStep: number | null;
  readonly seconds: number;
}

/** The same when its files are written, if they are. */
export interface Summary extends Result, Output {
  readonly interrupted: boolean;
  /** False where the run was stopped before its first step. */
  readonly written: boolean;
  /** The commands that go on from here. */
  readonly next: { readonly sample: string; readonly resume: string };
}
