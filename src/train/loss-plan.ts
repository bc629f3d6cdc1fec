import type { BatchShape, DeviceBatch } from "../batch/batch.ts";
import { givesOneStep } from "../batch/device-batch.ts";
import type { Loss } from "../losses/loss.ts";
import { isEncoderDecoder } from "../nn/encoder-decoder.ts";
import type { ParameterLayout } from "../nn/parameters.ts";
import { type CarriedStates, type RecordedModel, recordModel } from "../nn/record.ts";
import type { Model } from "../nn/sequential.ts";
import type { LossTensors } from "../ops/loss.ts";
import type { Plan } from "../plan/plan.ts";
import type { Program } from "../plan/program.ts";
import type { Recorder } from "../plan/recorder.ts";
import { type Tensor, tensor } from "../tensor.ts";

/** The tensors of a plan that hold a batch. */
export interface BatchTensors {
  readonly inputs: Tensor; // u32 [T, B] or f32 [T, B, I]
  readonly targets: Tensor; // u32 [T, B] or f32 [T, B, O]; T is 1 where the model gives one step
  readonly decoderInputs: Tensor | undefined; // u32 [T′, B] or f32 [T′, B, I]; the targets then have T′ steps
  readonly mask: Tensor | undefined; // [T, B]
  readonly weights: Tensor | undefined; // [T, B], of the outputs
}

/** A plan from a batch to its loss. */
export interface LossPlan extends BatchTensors {
  readonly plan: Plan;
  readonly states: CarriedStates;
  /** What must be written before the plan is played first. */
  readonly constants: readonly (readonly [Tensor, Float32Array])[];
}

export function batchTensors(
  model: Model,
  { targets }: Loss,
  { batch, time, targetTime = time, masked, weighted }: BatchShape,
): BatchTensors {
  const width = model.layers.at(-1)?.output as number;
  const steps = givesOneStep(model) ? 1 : targetTime;
  const read = (name: string, { layers: [first] }: Model, length: number): Tensor =>
    first?.input === "ids"
      ? tensor(name, [length, batch], { type: "u32" })
      : tensor(name, [length, batch, first?.input as number]);
  return {
    inputs: read("inputs", model, time),
    decoderInputs: isEncoderDecoder(model) ? read("decoder inputs", model.decoder, targetTime) : undefined,
    targets:
      targets === "ids" ? tensor("targets", [steps, batch], { type: "u32" }) : tensor("targets", [steps, batch, width]),
    mask: masked ? tensor("mask", [time, batch]) : undefined,
    weights: weighted ? tensor("weights", [steps, batch]) : undefined,
  };
}

/** Records a model on a batch. */
export function recordOnBatch(
  recorder: Recorder,
  model: Model,
  layout: ParameterLayout,
  { inputs, mask, decoderInputs }: BatchTensors,
): Pick<RecordedModel, "output" | "states" | "carrying"> {
  if (!isEncoderDecoder(model)) return recordModel(recorder, model, layout, inputs, { mask });
  return model.record(recorder, layout, { input: inputs, mask, decoderInput: decoderInputs as Tensor });
}

/** Records the loss of a model's output. @returns the constants that it needs */
export function recordLoss(recorder: Recorder, loss: Loss, tensors: LossTensors): LossPlan["constants"] {
  const constants: (readonly [Tensor, Float32Array])[] = [];
  const constant = (name: string, data: Float32Array): Tensor => {
    const made = tensor(name, [data.length]);
    constants.push([made, data]);
    return made;
  };
  recorder.scope("loss", () => loss.record({ recorder, constant, ...tensors }));
  return constants;
}

/** Carries a batch to the device. */
export function writeBatch(program: Program, tensors: BatchTensors, batch: DeviceBatch): void {
  program.write(tensors.inputs, batch.inputs);
  program.write(tensors.targets, batch.targets);
  if (tensors.decoderInputs) program.write(tensors.decoderInputs, batch.decoderInputs as Uint32Array | Float32Array);
  if (tensors.mask) program.write(tensors.mask, batch.mask as Float32Array);
  if (tensors.weights) program.write(tensors.weights, batch.weights as Float32Array);
}
