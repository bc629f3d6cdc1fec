import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { type Lookup, lookUp, lookUpBackward, lookupOf } from "./embedding.ts";
import { layerNormBackward, layerNormForward } from "./layer-norm.ts";
import { type AffineMap, inputGradient, linearProduct, type WeightGradient, weightGradient } from "./linear.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";

/** The weights that x meets in front of the recurrence. */
type InputWeights = Pick<RecurrentWeights, "weightIh" | "biasIh" | "gainIh">;

/** What the way back through a product leaves. */
interface InputGradients {
  /** Rows with the same sum as the gradients of the product, as few as there are. */
  readonly dx: Tensor; // [any, G·H]
  /** That of W, for whoever records several at once; none where it has been recorded. */
  readonly weight?: WeightGradient;
}

/**
 * W·x + b_ih for all steps at once, normalised where the layer does so.
 * @param x [T, B, I]
 * @param gates [T, B, G·H], where the recurrence leaves the gradients of what is put here
 * @returns what records the way back, to the gradients of x and, where there is a layer norm, of W and its gain and bias
 */
export function inputProduct(
  recorder: Recorder,
  x: Tensor,
  weights: InputWeights,
  gates: Tensor,
): () => InputGradients {
  const { weightIh, biasIh: bias, gainIh: gain } = weights;
  if (!gain) {
    const backward = linearOrLookup(recorder, x, { weight: weightIh, bias }, gates);
    return () => {
      const weight = backward(gates);
      return { dx: weight.dy, weight };
    };
  }
  const product = recorder.scratch("input_product", gates.shape);
  const backward = linearOrLookup(recorder, x, { weight: weightIh }, product);
  layerNormForward(recorder, { x: product, gain, bias, y: gates });
  return () => {
    const dproduct = recorder.scratch("d input_product", gates.shape);
    layerNormBackward(recorder, { x: product, gain, bias, dy: gates, dx: dproduct });
    weightGradient(recorder, backward(dproduct)); // at once, so that this need not last
    return { dx: gates };
  };
}

/** @returns what records the way back to x, and gives that to W */
function linearOrLookup(recorder: Recorder, x: Tensor, map: AffineMap, y: Tensor): (dy: Tensor) => WeightGradient {
  const lookup = lookupOf(x);
  if (lookup && paysOff(recorder, lookup) && !recorder.outlivesUpdates) return lookUpProduct(recorder, lookup, map, y);
  linearProduct(recorder, { label: "input_product", x, ...map, y });
  return (dy) => {
    inputGradient(recorder, { x, dy, weight: map.weight });
    return { x, dy, weight: map.weight };
  };
}

/** Rows whose product takes as long as that of one. */
const LEAST_ROWS = 4;

/**
 * The rows of all products are looked up, and their gradients gathered, which also takes its time: on SwiftShader as much as
 * is saved where each row of the table is looked up four to eight times in training. Forward alone it is little.
 */
function paysOff(recorder: Recorder, { ids, table }: Lookup): boolean {
  const rows = recorder.repeats * Math.max(sizeOf(ids.shape), LEAST_ROWS);
  return (recorder.training ? 8 : 2) * (table.shape[0] as number) <= rows;
}

/**
 * Multiplies each row of the table once instead of each that was looked up, and back likewise: by the table as it is then,
 * so that it must be what it was.
 */
function lookUpProduct(
  recorder: Recorder,
  { ids, table }: Lookup,
  { weight, bias }: AffineMap,
  y: Tensor,
): (dy: Tensor) => WeightGradient {
  const shape = [table.shape[0] as number, weight.shape[0] as number];
  const products = recorder.prepare(() => {
    const made = recorder.scratch("table_product", shape);
    linearProduct(recorder, { label: "table_product", x: table, weight, bias, y: made });
    return made;
  });
  lookUp(recorder, { ids, table: products }, y);
  return (dy) => {
    const dproducts = recorder.scratch("d table_product", shape);
    lookUpBackward(recorder, ids, dy, { dtable: dproducts, accumulate: false });
    inputGradient(recorder, { x: table, dy: dproducts, weight });
    return { x: table, dy: dproducts, weight };
  };
}
