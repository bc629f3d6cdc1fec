import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { allGates, type Cell } from "./cells.ts";
import { dropout } from "./dropout.ts";
import { inputProduct } from "./input-product.ts";
import { chooseMachine } from "./machine.ts";
import type { Machine } from "./machine-options.ts";
import { drawMask } from "./masks.ts";
import { type MergeMode, recordMerge, recordMergeBackward } from "./merge.ts";
import { type Pass, recordBackward, recordForward } from "./recurrence.ts";
import { recurrentGradients } from "./recurrent-gradients.ts";
import {
  dstateLength,
  type LayoutOptions,
  layOutRecurrence,
  type RecurrentLayout,
  recurrentTensors,
  viewOf,
} from "./recurrent-layout.ts";
import { packFirst, packSecond, type RecurrentWeights } from "./recurrent-weights.ts";

export interface RecurrentLayer {
  readonly cell: Cell;
  readonly x: Tensor; // [T, B, I]
  readonly hidden: number; // H
  /** Units of h. */
  readonly out: number;
  /** One direction, or forward and reverse. */
  readonly directions: readonly RecurrentWeights[];
  /** The only direction runs backwards in time. */
  readonly reverse: boolean;
  /** What the layer carries from run to run: by direction h [B, OUT] and c [B, H]; initial states before, final after. */
  readonly state: Tensor;
  /** [T, B]: 1 where a row takes the step, 0 where its states stay; undefined: all rows take all steps. */
  readonly mask?: Tensor | undefined;
  /** Whether outputs are zero where the mask leaves a row out; else they repeat the state. */
  readonly zeroPadding: boolean;
  /** Only the final output of each direction, [1, B, ...]. */
  readonly lastOnly: boolean;
  readonly merge: MergeMode;
  readonly layerNorm: boolean;
  readonly zoneout: number;
  readonly recurrentDropout: number;
  /** One mask of recurrent dropout for all steps. */
  readonly oneMask: boolean;
  readonly dropConnect: number;
  /** Leaves all of dL/dh per step in the gradients of `outputs`. */
  readonly flow: boolean;
  readonly machine: Machine | undefined;
}

/** What a recurrent layer gives to others, and lets be looked at. */
export interface RecurrentOutputs {
  readonly y: Tensor; // [T, B, D·OUT or OUT], or [1, B, ...]
  /** h of every step, by direction. */
  readonly outputs: readonly Tensor[]; // [T, B, OUT]
  /** Activated gates of every step between forward and backward pass, by direction. */
  readonly gates: readonly Tensor[]; // [T, B, G·H]
}

/**
 * One recurrent layer in one or both directions. Forward: one product for all W·x, then the recurrence. Backward: the
 * recurrence in reverse turns what was saved into gradients, then one product each gives dW, dR and dx for all steps.
 */
export function recurrent(recorder: Recorder, layer: RecurrentLayer): RecurrentOutputs {
  const { x, state, mask } = layer;
  const options = optionsOf(recorder, layer);
  const { cell, hidden, out, batch, time, directions } = options;
  const weights = layer.directions.map((direction) => withDropConnect(recorder, direction, layer.dropConnect));
  const [first, second] = recorder.prepare(() => [
    packFirst(recorder, options, weights),
    options.twoStages ? packSecond(recorder, options, weights) : undefined,
  ]);
  const layout = layOutRecurrence(options, state.shape[0] as number);
  const tensors = recurrentTensors(recorder, layout, directions);
  const { gates, states } = tensors;
  const masks = options.zoneout || options.dropped ? { masks: tensors.masks } : {};
  if (masks.masks) drawMasks(recorder, layer, layout, masks.masks);

  const all = allGates(cell) * hidden;
  const gatesOf = weights.map((_, d) => viewOf(gates, `x${d}`, d * layout.gatesPart, [time, batch, all]));
  const toInputs = weights.map((direction, d) => inputProduct(recorder, x, direction, gatesOf[d] as Tensor));
  const outWidth = cell.diagonal ? 1 : out;
  const pass: Omit<Pass, "bindings"> = {
    ...options,
    recorder,
    dims: {
      ...layout.dims,
      recurrent_part: first.part,
      second_part: second?.part ?? 0,
      share: options.keeps && !options.zoneout ? 1 - layer.zoneout : 1,
    },
    stepProducts: {
      first: directions * batch * cell.gates * hidden * outWidth,
      second: second ? directions * batch * hidden * out : 0,
    },
  };
  const always = { gates, states, ...(mask ? { mask } : {}), ...masks };
  recordForward({
    ...pass,
    bindings: { ...always, recurrent: first.forward, ...(second ? { second: second.forward } : {}), state },
  });

  const merged = mergeOptions(layer, layout, options, states);
  const outputs = weights.map((_, d) => viewOf(states, `h${d}`, merged.first[d] as number, [time, batch, out]));
  const direct = directions === 1 && !layer.lastOnly && !merged.mask;
  const y = direct ? (outputs[0] as Tensor) : recordMerge(recorder, merged);
  // The host, or a decoder that goes on from them, may add cotangents of the final states before the way back.
  recorder.zeroGradient(state, "dstate", dstateLength(layout, directions));
  recorder.onBackward(() => {
    const dstate = { ...recorder.gradient(state), shape: [dstateLength(layout, directions)] };
    const dh = direct ? recorder.gradient(y) : recordMergeBackward(recorder, merged, y);
    outputs.forEach((output, d) => {
      recorder.setGradient(output, viewOf(dh, `h${d}`, d * layout.dhPart, output.shape));
    });
    recordBackward({
      ...pass,
      bindings: { ...always, recurrent: first.backward, ...(second ? { second: second.backward } : {}), dh, dstate },
    });
    weights.forEach((direction, d) => {
      const dx = toInputs[d]?.() as Tensor;
      recurrentGradients(recorder, options, d, direction, { dx, gates, states, dstate, layout });
    });
  });
  return { y, outputs, gates: gatesOf };
}

/** All that decides kernels and layout. */
function optionsOf(
  recorder: Recorder,
  layer: RecurrentLayer,
): LayoutOptions & { machine: ReturnType<typeof chooseMachine> } {
  const { cell, x, hidden, out, reverse, mask, layerNorm, flow } = layer;
  const [time, batch] = x.shape as [number, number];
  const directions = layer.directions.length;
  const twoStages = cell.second !== undefined;
  const random = recorder.random !== undefined;
  const half = recorder.target.half === true && !cell.diagonal; // which is too short to gain by it
  const machine = chooseMachine({
    batch,
    time,
    hidden,
    out,
    gates: cell.gates,
    directions,
    twoStages,
    wholeRows: layerNorm,
    diagonal: cell.diagonal === true,
    half,
    training: recorder.training,
    target: recorder.target,
    wanted: layer.machine,
  });
  return {
    cell,
    machine,
    half,
    hidden,
    out,
    batch,
    time,
    directions,
    reverse,
    twoStages,
    layerNorm,
    secondNorm: layerNorm && cell.second === "resets",
    masked: mask !== undefined,
    zoneout: random && layer.zoneout > 0,
    keeps: mask !== undefined || layer.zoneout > 0,
    dropped: random && layer.recurrentDropout > 0,
    oneMask: layer.oneMask,
    flow,
  };
}

/** R as DropConnect leaves it, one draw for the whole pass (Wan et al. 2013; Merity et al. 2018). */
function withDropConnect(recorder: Recorder, weights: RecurrentWeights, share: number): RecurrentWeights {
  return share === 0
    ? weights
    : recorder.prepare(() => ({ ...weights, weightHh: dropout(recorder, weights.weightHh, share) }));
}

/** Draws the masks of a pass: 1 where zoneout lets the new state in, and what recurrent dropout multiplies h with. */
function drawMasks(
  recorder: Recorder,
  layer: RecurrentLayer,
  { dims, masksPart }: RecurrentLayout,
  masks: Tensor,
): void {
  const { hidden, out, cell, zoneout, recurrentDropout, oneMask } = layer;
  const [time, batch] = layer.x.shape as [number, number];
  const rows = time * batch;
  layer.directions.forEach((_, d) => {
    const at = (name: string): number => d * masksPart + (dims[name] ?? 0);
    if (zoneout > 0) {
      drawMask(recorder, masks, { first: at("zoneout_h"), length: rows * out, share: zoneout, scale: 1 });
      if (cell.states > 1) {
        drawMask(recorder, masks, { first: at("zoneout_c"), length: rows * hidden, share: zoneout, scale: 1 });
      }
    }
    if (recurrentDropout > 0) {
      const length = (oneMask ? 1 : time) * batch * out;
      const scale = 1 / (1 - recurrentDropout);
      drawMask(recorder, masks, { first: at("drop"), length, share: recurrentDropout, scale });
    }
  });
}

function mergeOptions(layer: RecurrentLayer, layout: RecurrentLayout, options: LayoutOptions, states: Tensor) {
  const { batch, time, out, reverse } = options;
  const row = batch * out;
  const h = layout.dims.h_rows as number;
  // The output of step t lies in the row after it: t + 1 forward, t backwards.
  const first = layer.directions.map((_, d) => d * layout.statesPart + h + (d === 1 || reverse ? 0 : row));
  const mask = layer.zeroPadding && !layer.lastOnly ? layer.mask : undefined;
  return {
    states,
    first,
    mode: layer.merge,
    mask,
    last: layer.lastOnly,
    reverse,
    shape: [time, batch, out] as const,
    part: layout.dhPart,
  };
}
