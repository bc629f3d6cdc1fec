import { refuse } from "../errors.ts";
import { parametersAmong } from "../nn/parameters.ts";
import type { Model } from "../nn/sequential.ts";
import type { NamedTensors } from "../tensor.ts";
import { checkFitState, type FitState } from "../train/fit-state.ts";

/** Stands before the names of the best weights, as `optimizer.` does before those of the moments. */
const BEST = "best.";

/** A state of `fit` as a file keeps it: numbers as JSON, the best weights as tensors of their own. */
export function describeFit({ bestWeights, ...numbers }: FitState) {
  const named = [...(bestWeights ?? [])].map(([name, tensor]) => [BEST + name, tensor] as const);
  return { numbers: { ...numbers, bestWeights: bestWeights !== undefined }, tensors: new Map(named) };
}

/**
 * @param described the numbers of {@link describeFit}
 * @param tensors those of the file
 * @throws WebgpuRnnError when it is no state, or one of the best weights is missing or does not fit the model
 */
export function buildFit(described: unknown, model: Model, tensors: NamedTensors): FitState {
  if (typeof described !== "object" || described === null) {
    throw refuse({ what: "checkpoint: fit", expected: "a state of fit", got: String(described) });
  }
  const { bestWeights, ...numbers } = described as Omit<FitState, "bestWeights"> & { readonly bestWeights: boolean };
  checkFitState("checkpoint: fit", numbers);
  if (!bestWeights) return numbers;
  const best = [...tensors].flatMap(([name, tensor]) =>
    name.startsWith(BEST) ? [[name.slice(BEST.length), tensor] as const] : [],
  );
  return { ...numbers, bestWeights: parametersAmong("checkpoint: best weights", model, new Map(best)) };
}
