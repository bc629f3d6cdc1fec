import { wholeNumbers } from "../check.ts";
import { LOSS } from "../control.ts";
import type { Gpu } from "../gpu/device.ts";
import { submit } from "../gpu/queue.ts";
import { StagingRing } from "../gpu/staging.ts";
import { recordModel } from "../nn/record.ts";
import type { Model } from "../nn/sequential.ts";
import { crossEntropy } from "../ops/loss.ts";
import { Recorder } from "../plan/recorder.ts";
import { tensor } from "../tensor.ts";
import { type Batch, BatchWriter } from "./batch.ts";
import { controlTensors } from "./control.ts";
import { Parameters, type WeightSource } from "./parameters.ts";
import type { TrainingShape } from "./training-plan.ts";

export interface EvaluatorOptions extends TrainingShape {
  from: WeightSource;
}

/** Measures the loss of a model on batches that it does not learn from: no dropout, no update. */
export interface Evaluator {
  /**
   * @param batches of the announced shape
   * @returns mean loss in nats over all of them, NaN where there is none
   */
  loss(batches: Iterable<Batch>): Promise<number>;
  /** Frees everything but weights that other programs share. */
  dispose(): void;
}

/** @throws WebgpuRnnError when an option is out of range or weights do not fit the model */
export async function createEvaluator(gpu: Gpu, model: Model, options: EvaluatorOptions): Promise<Evaluator> {
  const { batch, time, from } = options;
  wholeNumbers("createEvaluator", { batch, time });
  const parameters = Parameters.from(gpu, model, from);
  const recorder = new Recorder({ target: gpu.target });
  const inputs = tensor("inputs", [time, batch], { type: "u32" });
  const targets = tensor("targets", [time, batch], { type: "u32" });
  const { control } = controlTensors();
  const { output, states } = recordModel(recorder, model, parameters.layout, inputs);
  recorder.scope("loss", () => crossEntropy(recorder, output, targets, control));

  const program = await parameters.program(recorder.finish("evaluation"));
  const { memory } = program;
  const writer = new BatchWriter(memory, { inputs, targets }, model);
  const staging = new StagingRing(gpu, "evaluation", [memory.buffer(control.storage)]);
  return {
    async loss(batches) {
      let sum = 0;
      let count = 0;
      for (const batch of batches) {
        writer.write(batch);
        submit(gpu, (encoder) => {
          if (batch.start ?? true) for (const { storage } of states.values()) memory.clear(encoder, storage);
          program.encode(encoder);
          staging.copy(encoder);
        });
        sum += new Float32Array(await staging.latest())[LOSS] as number;
        count += 1;
      }
      return sum / count;
    },
    dispose() {
      program.dispose();
      staging.dispose();
      memory.dispose();
      parameters.release();
    },
  };
}
