import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { allGates, type Cell } from "./cells.ts";
import { copyRows } from "./copy-rows.ts";
import { dropout } from "./dropout.ts";
import { inputProduct } from "./input-product.ts";
import { weightGradients } from "./linear.ts";
import type { MachinePlan } from "./machine.ts";
import { drawMask } from "./masks.ts";
import { type MergeMode, recordMerge, recordMergeBackward } from "./merge.ts";
import { type Pass, recordBackward, recordForward } from "./recurrence.ts";
import { recurrentGradients } from "./recurrent-gradients.ts";
import {
  type LayoutOptions,
  layOutRecurrence,
  type RecurrentLayout,
  recurrentTensors,
  runsBack,
  viewOf,
} from "./recurrent-layout.ts";
import { packFirst, packSecond, type RecurrentWeights } from "./recurrent-weights.ts";

export interface RecurrentLayer {
  readonly cell: Cell;
  readonly x: Tensor; // [T, B, I]
  readonly hidden: number; // H
  /** Units of h. */
  readonly out: number;
  /** By part: one direction, forward and reverse, or the layers of a wavefront from the lowest up. */
  readonly parts: readonly RecurrentWeights[];
  /** The parts are layers of a wavefront. Each reads the outputs of the one below, x is the lowest one's. */
  readonly wavefront: boolean;
  /** The only direction runs backwards in time. */
  readonly reverse: boolean;
  /** What is carried from run to run: by part h [B, OUT] and c [B, H]; initial states before, final after. */
  readonly state: Tensor;
  /** Which of the layers whose states `state` holds it is, or the lowest, and how many there are. */
  readonly carried: LayoutOptions["carried"];
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
  readonly machine: MachinePlan;
  /** The products of the steps read their weights as float16. */
  readonly half: boolean;
}

/** What a recurrent layer gives to others, and lets be looked at. */
export interface RecurrentOutputs {
  readonly y: Tensor; // [T, B, D·OUT or OUT], or [1, B, ...]
  /** h of every step, by part. */
  readonly outputs: readonly Tensor[]; // [T, B, OUT]
  /** Activated gates of every step between forward and backward pass, by part. */
  readonly gates: readonly Tensor[]; // [T, B, G·H]
}

/**
 * One recurrent layer in one or both directions, or layers one on the other as a wavefront. Forward: one product for all
 * W·x, then the recurrence. Backward: the recurrence in reverse turns what was saved into gradients, then one product each
 * gives dW, dR and dx for all steps.
 */
export function recurrent(recorder: Recorder, layer: RecurrentLayer): RecurrentOutputs {
  const { x, state, mask } = layer;
  const options = optionsOf(recorder, layer);
  const { cell, hidden, out, batch, time, parts, layers } = options;
  const weights = layer.parts.map((part) => withDropConnect(recorder, part, layer.dropConnect));
  const [first, second] = recorder.prepare(() => [
    packFirst(recorder, options, weights),
    options.twoStages ? packSecond(recorder, options, weights) : undefined,
  ]);
  const layout = layOutRecurrence(options, sizeOf(state.shape));
  const tensors = recurrentTensors(recorder, layout, parts);
  const { gates, states } = tensors;
  const masks = options.zoneout || options.dropped ? { masks: tensors.masks } : {};
  if (masks.masks) drawMasks(recorder, layer, layout, masks.masks);

  const all = allGates(cell) * hidden;
  const gatesOf = weights.map((_, p) => viewOf(gates, `x${p}`, p * layout.gatesPart, [time, batch, all]));
  const outputs = weights.map((_, p) => viewOf(states, `h${p}`, outputAt(layout, options, p), [time, batch, out]));
  const toInputs = weights.slice(0, parts / layers).map((part, p) => {
    return inputProduct(recorder, x, part, gatesOf[p] as Tensor);
  });
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
      first: (parts / layers) * batch * cell.gates * hidden * outWidth,
      second: second ? parts * batch * hidden * out : 0,
    },
  };
  const always = { gates, states, ...(mask ? { mask } : {}), ...masks };
  recordForward({
    ...pass,
    bindings: { ...always, recurrent: first.forward, ...(second ? { second: second.forward } : {}), state },
  });

  const merged = mergeOptions(layer, layout, options, states);
  const direct = merged.first.length === 1 && !layer.lastOnly && !merged.mask;
  const y = direct ? (outputs.at(-1) as Tensor) : recordMerge(recorder, merged);
  // The host, or a decoder that goes on from them, may add cotangents of the final states before the way back.
  recorder.zeroGradient(state, "dstate", layout.dstate);
  recorder.onBackward(() => {
    const dstate = { ...recorder.gradient(state), shape: [layout.dstate] };
    const dy = direct ? recorder.gradient(y) : recordMergeBackward(recorder, merged, y);
    const dh = layers > 1 && options.flow ? besideOthers(recorder, layout, options, dy) : dy;
    outputs.forEach((output, p) => {
      if (p + 1 < layers && !options.flow) return; // which has no gradient of its own
      recorder.setGradient(output, viewOf(dh, `h${p}`, p * layout.dhPart, output.shape));
    });
    recordBackward({
      ...pass,
      bindings: { ...always, recurrent: first.backward, ...(second ? { second: second.backward } : {}), dh, dstate },
    });
    const inputs = toInputs.map((back) => back());
    weightGradients(
      recorder,
      inputs.flatMap(({ weight }) => weight ?? []),
    );
    // The steps of a wavefront multiply W with the outputs below, and send their gradients down.
    const above = weights.slice(inputs.length).map(({ weightIh }, p) => {
      return { x: outputs[p] as Tensor, dy: gatesOf[p + 1] as Tensor, weight: weightIh };
    });
    weightGradients(recorder, above);
    const dx = gatesOf.map((rows, p) => inputs[p]?.dx ?? rows);
    recurrentGradients(recorder, options, weights, { dx, gates, states, dstate, layout });
  });
  return { y, outputs, gates: gatesOf };
}

/** The cotangents of the outputs of the top layer in its part of those of all layers. */
function besideOthers(
  recorder: Recorder,
  { dhPart }: RecurrentLayout,
  { parts, ...of }: LayoutOptions,
  dy: Tensor,
): Tensor {
  const dh = recorder.scratch("d outputs", [parts, dhPart]);
  const to = { tensor: dh, first: (parts - 1) * dhPart };
  copyRows(recorder, { label: "cotangents", from: { tensor: dy }, to, rows: of.time * of.batch, columns: of.out });
  return dh;
}

/** All that decides kernels and layout. */
function optionsOf(recorder: Recorder, layer: RecurrentLayer): LayoutOptions & { machine: MachinePlan } {
  const { cell, x, machine, half, hidden, out, reverse, mask, layerNorm, flow } = layer;
  const [time, batch] = x.shape as [number, number];
  const parts = layer.parts.length;
  const random = recorder.random !== undefined;
  return {
    cell,
    machine,
    half,
    hidden,
    out,
    batch,
    time,
    parts,
    layers: layer.wavefront ? parts : 1,
    carried: layer.carried,
    reverse,
    twoStages: cell.second !== undefined,
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
  layer.parts.forEach((_, p) => {
    const at = (name: string): number => p * masksPart + (dims[name] ?? 0);
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

/** Where the outputs of a part begin within the states: that of step t lies in the row after it, t + 1 forward, t backwards. */
function outputAt({ dims, statesPart }: RecurrentLayout, options: LayoutOptions, part: number): number {
  const row = runsBack(options, part) ? 0 : options.batch * options.out;
  return part * statesPart + (dims.h_rows as number) + row;
}

/** What is merged of the outputs: those of both directions, or the top layer's. */
function mergeOptions(layer: RecurrentLayer, layout: RecurrentLayout, options: LayoutOptions, states: Tensor) {
  const { batch, time, out, reverse, parts, layers } = options;
  const top = layer.parts.map((_, p) => outputAt(layout, options, p)).slice(parts - parts / layers);
  const mask = layer.zeroPadding && !layer.lastOnly ? layer.mask : undefined;
  return {
    states,
    first: top,
    mode: layer.merge,
    mask,
    last: layer.lastOnly,
    reverse,
    shape: [time, batch, out] as const,
    part: parts === layers ? time * batch * out : layout.dhPart,
  };
}
