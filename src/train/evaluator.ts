import { wholeNumbers } from "../check.ts";
import { LOSS } from "../control.ts";
import type { Gpu } from "../gpu/device.ts";
import { submit } from "../gpu/queue.ts";
import type { ParameterLayout } from "../nn/parameters.ts";
import { recordModel } from "../nn/record.ts";
import type { Model } from "../nn/sequential.ts";
import { checkEveryStep } from "../nn/stepwise.ts";
import { crossEntropy } from "../ops/loss.ts";
import { Recorder } from "../plan/recorder.ts";
import { type Tensor, tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";
import { type Batch, type BatchTensors, BatchWriter, vocabularyOf } from "./batch.ts";
import { controlTensors } from "./control.ts";
import { Parameters, type WeightSource } from "./parameters.ts";
import type { TrainingShape } from "./training-plan.ts";
import { type Recorded, Workspace } from "./workspace.ts";

export interface EvaluatorOptions extends TrainingShape {
  /** Weights by name, or the program whose weights are used where they lie, such as a trainer. */
  from: WeightSource;
}

interface EvaluationPlan extends Recorded, BatchTensors {
  readonly control: Tensor;
}

/** Measures the loss of a model on batches that it does not learn from: no dropout, no update. */
export class Evaluator {
  readonly parameters: Parameters;
  readonly #workspace: Workspace<EvaluationPlan>;
  readonly #batches: BatchWriter;
  #last: Promise<unknown> = Promise.resolve();

  constructor(workspace: Workspace<EvaluationPlan>) {
    const { parameters, memory, recorded } = workspace;
    this.parameters = parameters;
    this.#workspace = workspace;
    this.#batches = new BatchWriter(memory, recorded, parameters.model);
  }

  /**
   * @param batches of the announced shape; a second call waits for the first
   * @returns mean loss in nats over all of them, NaN where there is none
   */
  loss(batches: Iterable<Batch>): Promise<number> {
    const result = this.#last.then(() => this.#mean(batches));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    this.#workspace.dispose();
  }

  async #mean(batches: Iterable<Batch>): Promise<number> {
    const { memory, program, staging } = this.#workspace;
    let sum = 0;
    let count = 0;
    for (const batch of batches) {
      this.#batches.write(batch);
      submit(memory.gpu, (encoder) => {
        if (batch.start ?? true) this.#workspace.forget(encoder);
        program.encode(encoder);
        staging.copy(encoder);
      });
      sum += new Float32Array(await staging.latest())[LOSS] as number;
      count += 1;
    }
    return sum / count;
  }
}

/** @throws WebgpuRnnError when an option is out of range or weights do not fit the model */
export async function createEvaluator(gpu: Gpu, model: Model, options: EvaluatorOptions): Promise<Evaluator> {
  const { batch, time, from } = options;
  wholeNumbers("createEvaluator", { batch, time });
  vocabularyOf(model);
  checkEveryStep("createEvaluator", model);
  gpu.check();
  const workspace = await Workspace.create(
    Parameters.from(gpu, model, from),
    (layout) => recordEvaluation(model, layout, { batch, time }, gpu.target),
    ({ control }) => [control],
  );
  return new Evaluator(workspace);
}

function recordEvaluation(
  model: Model,
  layout: ParameterLayout,
  { batch, time }: TrainingShape,
  target: Target,
): EvaluationPlan {
  const recorder = new Recorder({ target });
  const inputs = tensor("inputs", [time, batch], { type: "u32" });
  const targets = tensor("targets", [time, batch], { type: "u32" });
  const { control } = controlTensors();
  const { output, states } = recordModel(recorder, model, layout, inputs);
  recorder.scope("loss", () => crossEntropy(recorder, output, targets, control));
  return { plan: recorder.finish("evaluation"), inputs, targets, control, states };
}
