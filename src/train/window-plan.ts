import type { ParameterLayout } from "../nn/parameters.ts";
import type { RecordedModel } from "../nn/record.ts";
import type { Plan } from "../plan/plan.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import type { WindowNeeds } from "./needs.ts";

/** What training through chunks before the latest keeps from step to step, whatever the shape of the batch. */
export interface WindowTensors {
  /** The counters as they were when the chunk was drawn for: dropout makes the same masks on every way back. */
  readonly drawn: Tensor;
  /** The gradients of one older chunk. */
  readonly gradients: Tensor;
  /**
   * Records the way back through an older chunk, after that of the training step. Nothing but its states leads to the loss,
   * so that it begins at the last layer that carries some.
   * @throws WebgpuRnnError when there is none
   */
  readonly recordOlder: (recorder: Recorder, parts: WindowParts) => WindowPlan;
}

export function windowTensors(layout: ParameterLayout, needs: WindowNeeds): WindowTensors {
  const { tensor, whole, twinSlab } = needs;
  const drawn = tensor("drawn", [4], { type: "u32" });
  const gradients = whole(twinSlab(layout, "older gradients"));
  return {
    drawn,
    gradients,
    recordOlder: (recorder, parts) => recordOlder(recorder, { ...parts, drawn, gradients }, needs),
  };
}

/** How the loss of the latest chunk flows on through one before it, whose saved tensors have been put back. */
export interface WindowPlan {
  readonly plan: Plan;
  /** What a chunk's way forward leaves to its ways back: whole storages, as the training step has placed them. */
  readonly saved: readonly Tensor[];
  /** As those of the training step. */
  readonly dstates: readonly Tensor[];
}

interface WindowParts extends Pick<RecordedModel, "states" | "carrying"> {
  /** Of the training step. */
  readonly plan: Plan;
  /** Of all chunks together. */
  readonly total: Tensor;
  /** That of the largest batch. */
  readonly beside: WindowPlan | undefined;
}

function recordOlder(
  recorder: Recorder,
  parts: WindowParts & Pick<WindowTensors, "drawn" | "gradients">,
  { addGradients, refuse, storagesOf }: WindowNeeds,
): WindowPlan {
  const { states, carrying, drawn, gradients, plan, total, beside } = parts;
  if (!carrying) {
    const expected = "a model with a layer that carries states";
    throw refuse({ what: "createTrainer: window", expected, got: "one without" });
  }
  let dstates: readonly Tensor[] = [];
  const besides = beside ? ([plan, beside.plan] as const) : ([plan] as const);
  const older = recorder.again("older", gradients.storage, besides, () => {
    recorder.setGradient(carrying.output, recorder.zeros("cotangents", carrying.output.shape));
    recorder.backward(carrying.operations);
    dstates = [...states.values()].map((state) => recorder.gradient(state));
    addGradients(recorder, gradients, total);
  });
  return { plan: older, saved: savedBetween(plan, older, drawn, storagesOf), dstates };
}

/** What a way forward touches and an older way back needs, but for what depends on the parameters alone. */
function savedBetween(plan: Plan, older: Plan, drawn: Tensor, storagesOf: WindowNeeds["storagesOf"]): Tensor[] {
  const placed = (steps: Plan["steps"]) =>
    new Set(steps.flatMap(storagesOf).map((storage) => plan.placement.get(storage) ?? storage));
  const prepared = placed(plan.steps.slice(0, plan.preparation));
  const forward = placed(plan.steps.slice(0, plan.forward));
  const saved = new Map<Tensor["storage"], Tensor>();
  for (const { bindings } of older.steps) {
    for (const { name, type, storage } of Object.values(bindings)) {
      if (!forward.has(storage) || (prepared.has(storage) && storage !== drawn.storage)) continue;
      saved.set(storage, { name, type, shape: [storage.length], storage, offset: 0 });
    }
  }
  return [...saved.values()];
}
