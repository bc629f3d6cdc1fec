import type { Batch, BatchShape } from "../batch/batch.ts";
import { type BatchReader, readerOf } from "../batch/device-batch.ts";
import { onlyKnown } from "../check.ts";
import { LOSS } from "../control.ts";
import { checkGpu, type Gpu } from "../gpu/device.ts";
import { submit } from "../gpu/queue.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { checkLoss, type Loss } from "../losses/loss.ts";
import type { ParameterLayout } from "../nn/parameters.ts";
import { type Model, wholeModel } from "../nn/sequential.ts";
import type { Plan } from "../plan/plan.ts";
import { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";
import { controlTensors } from "./control.ts";
import { batchTensors, type LossPlan, recordLoss, recordOnBatch, writeBatch } from "./loss-plan.ts";
import { Parameters, type WeightSource } from "./parameters.ts";
import { type LargestBatch, largestBatch, largestShape, Shapes } from "./shapes.ts";
import { tune } from "./tune.ts";
import { forget, Workspace } from "./workspace.ts";

export interface EvaluatorOptions extends LargestBatch {
  /** Weights by name, or the program whose weights are used where they lie, such as a trainer. */
  from: WeightSource;
  /** What the outputs are compared with the targets by. Default: cross-entropy against ids. */
  loss?: Loss;
}

interface EvaluationPlan extends LossPlan {
  readonly control: Tensor;
}

/** What an evaluator is made of. */
interface EvaluatorParts {
  readonly workspace: Workspace<EvaluationPlan>;
  readonly shapes: Shapes<EvaluationPlan>;
  readonly read: BatchReader;
  readonly largest: LargestBatch;
  readonly loss: Loss;
}

export interface Measured {
  /** NaN where nothing counts. */
  readonly loss: number;
  /** What all rows weigh together, 1 each where they count alike. */
  readonly weight: number;
}

/** Measures the loss of a model on batches that it does not learn from: no dropout, no update. */
export class Evaluator {
  readonly parameters: Parameters;
  readonly #parts: EvaluatorParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: EvaluatorParts) {
    this.parameters = parts.workspace.parameters;
    this.#parts = parts;
  }

  /**
   * @param batches up to the announced shape; a second call waits for the first
   * @returns mean loss over all rows of all of them that count (nats, for cross-entropy), NaN where there is none
   */
  async loss(batches: Iterable<Batch>): Promise<number> {
    return (await this.measure(batches)).loss;
  }

  /** The same loss, and what it is a mean over. */
  measure(batches: Iterable<Batch>): Promise<Measured> {
    const result = this.#last.then(() => this.#mean(batches));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    this.#parts.shapes.dispose();
    this.#parts.workspace.dispose();
  }

  async #mean(batches: Iterable<Batch>): Promise<Measured> {
    const { workspace, shapes, read, largest, loss } = this.#parts;
    const { memory, staging } = workspace;
    let sum = 0;
    let weight = 0;
    for (const batch of batches) {
      memory.check();
      const given = read(loss, batch, largest);
      const start = batch.start ?? true;
      const shaped = shapes.get(given, start);
      writeBatch(shaped.program, shaped.recorded, given);
      submit(memory.gpu, (encoder) => {
        if (start) forget(encoder, shaped);
        shaped.program.encode(encoder);
        staging.copy(encoder);
      });
      sum += given.weight * (new Float32Array(await staging.latest())[LOSS] as number);
      weight += given.weight;
    }
    return { loss: sum / weight, weight };
  }
}

/** @throws WebgpuRnnError when an option is out of range or weights do not fit the model */
export async function createEvaluator(gpu: Gpu, model: Model, options: EvaluatorOptions): Promise<Evaluator> {
  wholeModel("createEvaluator", model);
  onlyKnown("createEvaluator", options, ["batch", "time", "targetTime", "from", "loss"]);
  const { from, loss = crossEntropy() } = options;
  checkLoss("createEvaluator: loss", loss);
  const largest = largestBatch("createEvaluator", model, options);
  checkGpu("createEvaluator", gpu);
  if (gpu.choices) await tune(gpu, model, { ...largest, training: false });
  const { control } = controlTensors();
  const record = (layout: ParameterLayout, shape: BatchShape, beside?: Plan): EvaluationPlan =>
    recordEvaluation(model, layout, { shape, loss, control, target: gpu.target }, beside);
  const shape = largestShape(largest, loss);
  let read: BatchReader | undefined;
  const workspace = await Workspace.create(
    Parameters.from(gpu, model, from),
    async (layout) => {
      read = await readerOf(model);
      return record(layout, shape);
    },
    (recorded, memory) => {
      for (const [tensor, data] of recorded.constants) memory.write(tensor, data);
      return [control];
    },
  );
  const { layout } = workspace.parameters;
  const shapes = new Shapes(workspace.memory, workspace, shape, (smaller, { plan }) => record(layout, smaller, plan));
  return new Evaluator({ workspace, shapes, read: read as BatchReader, largest, loss });
}

interface Evaluation {
  readonly shape: BatchShape;
  readonly loss: Loss;
  readonly control: Tensor;
  readonly target: Target;
}

function recordEvaluation(
  model: Model,
  layout: ParameterLayout,
  { shape, loss, control, target }: Evaluation,
  beside?: Plan,
): EvaluationPlan {
  const recorder = new Recorder({ target });
  const batch = batchTensors(model, loss, shape);
  const { output, states } = recordOnBatch(recorder, model, layout, batch);
  const constants = recordLoss(recorder, loss, { output, ...batch, loss: control });
  return { ...batch, states, constants, control, plan: recorder.finish("evaluation", beside) };
}
