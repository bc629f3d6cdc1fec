import type { HostTensor, NamedTensors } from "../tensor.ts";
import type { LossPoint } from "./learning-curve.ts";
import type { TrainingEvent } from "./training-loop.ts";

const POINTS = "history.points";
const VALIDATION = "history.validation";

/** The losses of a run from its first step, for its learning curve; travels with the checkpoint. */
export class History {
  /** The loss of every step. */
  readonly points: LossPoint[];
  /** The held-out losses. */
  readonly validation: LossPoint[];

  /** @param tensors of a checkpoint, to go on from */
  constructor(tensors: NamedTensors = new Map()) {
    this.points = fromTensor(tensors.get(POINTS));
    this.validation = fromTensor(tensors.get(VALIDATION));
  }

  add(event: TrainingEvent): void {
    if (event.kind === "steps") this.points.push(...event.steps.map(({ step, loss }) => ({ step, loss })));
    if (event.kind === "validation") this.validation.push(event.point);
  }

  /** Rows of step and loss. A float32 holds every step up to 16,777,216 and later ones to a part in that. */
  toTensors(): NamedTensors {
    return new Map([
      [POINTS, toTensor(this.points)],
      [VALIDATION, toTensor(this.validation)],
    ]);
  }
}

function toTensor(points: readonly LossPoint[]): HostTensor {
  return { shape: [points.length, 2], data: Float32Array.from(points.flatMap(({ step, loss }) => [step, loss])) };
}

function fromTensor({ data }: Pick<HostTensor, "data"> = { data: new Float32Array() }): LossPoint[] {
  return Array.from({ length: data.length / 2 }, (_, row) => ({
    step: data[2 * row] as number,
    loss: data[2 * row + 1] as number,
  }));
}
