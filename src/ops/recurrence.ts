import {
  rnnBegin,
  rnnRowsBackward,
  rnnRowsForward,
  rnnScanBackward,
  rnnScanForward,
  rnnStepBackward,
  rnnStepForward,
} from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Step, Workgroups } from "../plan/step.ts";
import type { Tensor } from "../tensor.ts";
import type { Kernel } from "../variant.ts";
import { elementwise } from "./elementwise.ts";
import type { MachinePlan } from "./machine.ts";
import { type RecurrenceFlags, type RecurrenceVariant, variantOf } from "./recurrence-variant.ts";

/** What both ways through a recurrence share. */
export interface Pass extends RecurrenceVariant {
  readonly recorder: Recorder;
  readonly machine: MachinePlan;
  readonly dims: Readonly<Record<string, number>>; // all of shared/layout but begin and end
  readonly bindings: Readonly<Record<string, Tensor>>;
  /** Multiply-adds of the products of one time step; in a wavefront those of one layer, with R or with W. */
  readonly stepProducts: { readonly first: number; readonly second: number };
}

interface Stage {
  readonly label: string;
  readonly kernel: Kernel;
  readonly flags?: RecurrenceFlags;
  readonly workgroups: Workgroups;
  readonly begin: number;
  readonly end?: number;
  readonly multiplyAdds?: number;
  /** What it should take, in microseconds. */
  readonly cost: number;
}

/** Takes the pre-activations W·x + b to what the cell saves, and fills the states. */
export function recordForward(pass: Pass): void {
  const { machine, dims, stepProducts } = pass;
  const time = dims.time as number;
  if (machine.machine === "scan") {
    for (let begin = 0; begin < time; begin += machine.chunk) scanChunk(pass, "scan_forward", rnnScanForward, begin);
    return;
  }
  const width = Math.max(pass.hidden, pass.out);
  const cost = machine.cost.forward / machine.cost.stops;
  const begin = elementwise(Math.ceil((dims.batch as number) / 4) * width);
  dispatch(pass, {
    label: "begin",
    kernel: rnnBegin,
    workgroups: [begin[0], 1, machine.workgroups[2]],
    begin: 0,
    cost: machine.cost.once,
  });
  const { layers } = pass;
  for (let step = 0; step < time + layers - 1; step++) {
    for (const second of pass.twoStages ? [false, true] : [false]) {
      const raw = second ? pass.secondNorm : pass.layerNorm;
      const flags = { ...(second ? { SECOND: true } : {}), ...(raw ? { RAW: true } : {}) };
      dispatch(pass, {
        label: second ? "second_forward" : "step_forward",
        kernel: rnnStepForward,
        flags,
        workgroups: second ? machine.secondWorkgroups : machine.workgroups,
        begin: step,
        cost,
        multiplyAdds: second ? stepProducts.second : stepProducts.first * productsAt(pass, step),
      });
      if (raw) rows(pass, "rows_forward", rnnRowsForward, { second, begin: step, cost });
    }
  }
}

/**
 * How many products the first stage has, either way: one of R for each layer that is under way, and in a wavefront one of W
 * between any two.
 */
const productsAt = (pass: Pass, step: number): number =>
  underWay(pass, step, pass.layers) + underWay(pass, step - 1, pass.layers - 1);

/** How many of some layers, each a step behind the one before, are at one of their steps. */
const underWay = ({ dims }: Pass, step: number, layers: number): number =>
  Math.max(0, Math.min(step, layers - 1) - Math.max(0, step - (dims.time as number) + 1) + 1);

/** Takes what the cell saved to the gradients of the pre-activations, and dstate from the final to the initial states. */
export function recordBackward(pass: Pass): void {
  const { machine, dims, twoStages, layerNorm, secondNorm, stepProducts } = pass;
  const time = dims.time as number;
  if (machine.machine === "scan") {
    const last = Math.floor((time - 1) / machine.chunk) * machine.chunk;
    for (let begin = last; begin >= 0; begin -= machine.chunk) scanChunk(pass, "scan_backward", rnnScanBackward, begin);
    return;
  }
  const cost = machine.cost.backward / machine.cost.stops;
  for (let step = time + pass.layers - 1; step >= 0; step--) {
    const raw = twoStages ? secondNorm : layerNorm;
    dispatch(pass, {
      label: "step_backward",
      kernel: rnnStepBackward,
      ...(raw ? { flags: { RAW: true } } : {}),
      workgroups: machine.secondWorkgroups,
      begin: step,
      cost,
      multiplyAdds: stepProducts.first * productsAt(pass, step),
    });
    if (step === 0) return;
    if (raw) rows(pass, "rows_backward", rnnRowsBackward, { second: twoStages, begin: step - 1, cost });
    if (!twoStages) continue;
    dispatch(pass, {
      label: "second_backward",
      kernel: rnnStepBackward,
      flags: { SECOND: true, ...(layerNorm ? { RAW: true } : {}) },
      workgroups: machine.workgroups,
      begin: step - 1,
      cost,
      multiplyAdds: stepProducts.second,
    });
    if (layerNorm) rows(pass, "rows_backward", rnnRowsBackward, { second: false, begin: step - 1, cost });
  }
}

function scanChunk(pass: Pass, label: string, kernel: Kernel, begin: number): void {
  const { machine, dims, stepProducts } = pass;
  const end = Math.min(begin + machine.chunk, dims.time as number);
  const multiplyAdds = (end - begin) * (stepProducts.first + stepProducts.second);
  const { forward, backward, once } = machine.cost;
  const cost = once + (end - begin) * (kernel === rnnScanForward ? forward : backward);
  if (machine.rests && pass.recorder.latestWorkgroups > 1) rest(pass, kernel);
  dispatch(pass, { label, kernel, workgroups: machine.workgroups, begin, end, cost, multiplyAdds });
}

/** A scan that begins at the end of time, and so takes no step and writes nothing. */
function rest(pass: Pass, kernel: Kernel): void {
  const time = pass.dims.time as number;
  dispatch(pass, {
    label: "rest",
    kernel,
    workgroups: [1, 1, 1],
    begin: time,
    end: time,
    cost: pass.machine.cost.once,
  });
}

/** The rest of a stage whose products are normalised. */
function rows(
  pass: Pass,
  label: string,
  kernel: Kernel,
  { second, ...stage }: Pick<Stage, "begin" | "cost"> & { second: boolean },
): void {
  const flags = second ? { SECOND: true } : {};
  dispatch(pass, { label, kernel, flags, workgroups: pass.machine.rowsWorkgroups, ...stage });
}

function dispatch(
  pass: Pass,
  { label, kernel, flags = {}, workgroups, begin, end = begin + 1, cost, multiplyAdds = 0 }: Stage,
) {
  const variant = variantOf(kernel, pass, flags);
  const step: Omit<Step, "multiplyAdds"> = {
    label,
    variant,
    bindings: pass.bindings,
    dims: { ...pass.dims, begin, end },
    workgroups,
    note: pass.machine.why,
    ...(pass.machine.choice ? { choice: pass.machine.choice } : {}),
    milliseconds: cost / 1000,
  };
  pass.recorder.dispatch({ ...step, multiplyAdds });
}
