import { givesOneStep } from "../batch/device-batch.ts";
import { STEP } from "../control.ts";
import { refuse } from "../errors.ts";
import { Memory } from "../gpu/memory.ts";
import { submit } from "../gpu/queue.ts";
import { isEncoderDecoder } from "../nn/encoder-decoder.ts";
import { fitting, gradientSlabs, layOut, twinSlab } from "../nn/parameters.ts";
import { recordModel } from "../nn/record.ts";
import { sequential } from "../nn/sequential.ts";
import { addGradients } from "../ops/add-gradients.ts";
import { ALL_MACHINES } from "../ops/machine-options.ts";
import { Plan } from "../plan/plan.ts";
import { Program } from "../plan/program.ts";
import { Recorder } from "../plan/recorder.ts";
import { storagesOf } from "../plan/step.ts";
import { bytesOf, sizeOf, tensor, whole } from "../tensor.ts";
import { batchTensors } from "./loss-plan.ts";
import { forget } from "./workspace.ts";

/** What `shorter-stretch.ts` and `recomputation.ts`, which come by `import()` and import nothing else, are handed. */
export const RECOMPUTATION_NEEDS = { batchTensors, bytesOf, forget, givesOneStep, refuse, sizeOf, STEP, tensor };

/** What `tuning.ts`, which comes by `import()` and imports nothing, is handed. */
export const TUNING_NEEDS = {
  ALL_MACHINES,
  gradientSlabs,
  isEncoderDecoder,
  layOut,
  Memory,
  Plan,
  Program,
  recordModel,
  Recorder,
  sequential,
  submit,
  tensor,
};

/** What `window.ts` and `window-plan.ts`, which come by `import()` and import nothing else, are handed. */
export const WINDOW_NEEDS = { addGradients, fitting, refuse, sizeOf, storagesOf, tensor, twinSlab, whole };

export type RecomputationNeeds = typeof RECOMPUTATION_NEEDS;
export type TuningNeeds = typeof TUNING_NEEDS;
export type WindowNeeds = typeof WINDOW_NEEDS;
