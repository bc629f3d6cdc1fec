import type { Recorder } from "../plan/recorder.ts";
import { alignUp, sizeOf, type Tensor } from "../tensor.ts";
import { allGates } from "./cells.ts";
import { keepsR, type RecurrenceVariant } from "./recurrence-variant.ts";

export interface LayoutOptions extends RecurrenceVariant {
  readonly batch: number; // B
  readonly time: number; // T
  /** D directions, or the layers of a wavefront. */
  readonly parts: number;
  /** Which of the layers whose states are one tensor it is, or the lowest, and how many there are. */
  readonly carried: { readonly first: number; readonly of: number };
  /** Recurrent dropout draws one mask for all steps. */
  readonly oneMask: boolean;
}

/** Where the tensors of a recurrent layer lie: the numbers of `shaders/shared/layout.wgsl`, and the sizes they add up to. */
export interface RecurrentLayout {
  readonly dims: Readonly<Record<string, number>>;
  /** Elements of one part. */
  readonly gatesPart: number;
  readonly statesPart: number;
  readonly masksPart: number;
  readonly dhPart: number;
  /** Elements of dstate in front of the first part's tail. */
  readonly tail: number;
  readonly tailPart: number;
  /** Elements of dstate. */
  readonly dstate: number;
}

/** Lengths one after the other, each aligned so that it can be bound by itself. */
function place(lengths: Readonly<Record<string, number>>): { at: Record<string, number>; length: number } {
  const at: Record<string, number> = {};
  let length = 0;
  for (const [name, elements] of Object.entries(lengths)) {
    at[name] = length;
    length += alignUp(elements);
  }
  return { at, length };
}

/** @param stateLength elements of the layer's carried state */
export function layOutRecurrence(options: LayoutOptions, stateLength: number): RecurrentLayout {
  const {
    cell,
    hidden,
    out,
    batch,
    time,
    reverse,
    parts,
    layers,
    twoStages,
    layerNorm,
    dropped,
    zoneout,
    oneMask,
    flow,
  } = options;
  const { first, of } = options.carried;
  const rows = time * batch;
  const all = allGates(cell) * hidden;
  const own = cell.gates * hidden;
  const two = cell.states > 1 ? 1 : 0;
  const gates = place({
    x: rows * all,
    r: keepsR(options) ? rows * own : 0,
    mid: twoStages ? rows * hidden : 0,
    second: twoStages ? rows * out : 0,
    operand: dropped ? rows * out : 0,
    deviation: layerNorm ? 2 * rows : 0,
  });
  const masks = place({
    h: zoneout ? rows * out : 0,
    c: zoneout ? two * rows * hidden : 0,
    drop: dropped ? (oneMask ? 1 : time) * batch * out : 0,
  });
  const tail = place({
    carry: cell.second === "resets" ? batch * hidden : 0,
    dmid: twoStages ? batch * hidden : 0,
    peepholes: (cell.peepholes ?? 0) * batch * hidden,
    gain: layerNorm ? batch * all : 0,
    shift: layerNorm && cell.split ? batch * own : 0,
    diagonal: cell.diagonal ? batch * own : 0,
  });
  // The output begins where a view can be bound: row 1 if the layer runs forward, row 0 if it runs backwards.
  const hRows = reverse ? 0 : alignUp(batch * out) - batch * out;
  const cRows = hRows + (time + 1) * batch * out;
  const statesPart = alignUp(cRows + two * (time + 1) * batch * hidden);
  // In a wavefront the top layer alone has cotangents from outside: the others need a place only for all of dL/dh.
  const dhPart = layers > 1 && !flow ? 0 : parts === 1 ? rows * out : alignUp(rows * out);
  const statesOfLayer = stateLength / of;
  const tailsOfLayer = (parts / layers) * tail.length;
  const tailAt = alignUp(stateLength) + first * tailsOfLayer;
  const dims = {
    batch,
    time,
    gates_part: gates.length,
    states_part: statesPart,
    state_part: layers > 1 ? statesOfLayer : batch * (out + two * hidden),
    dh_part: dhPart,
    masks_part: masks.length,
    tail_part: tail.length,
    r: gates.at.r as number,
    mid: gates.at.mid as number,
    second: gates.at.second as number,
    operand: gates.at.operand as number,
    deviation: gates.at.deviation as number,
    h_rows: hRows,
    c_rows: cRows,
    zoneout_c: masks.at.c as number,
    drop: masks.at.drop as number,
    drop_step: oneMask ? 0 : batch * out,
    tail: tailAt,
    carry: tail.at.carry as number,
    dmid: tail.at.dmid as number,
    dpeepholes: tail.at.peepholes as number,
    dgain: tail.at.gain as number,
    dshift: tail.at.shift as number,
    ddiagonal: tail.at.diagonal as number,
    carried: first * statesOfLayer,
    layers,
  };
  return {
    dims,
    gatesPart: gates.length,
    statesPart,
    masksPart: masks.length,
    dhPart,
    tail: tailAt,
    tailPart: tail.length,
    dstate: alignUp(stateLength) + of * tailsOfLayer,
  };
}

/** A part of a tensor as a tensor of its own. */
export const viewOf = (whole: Tensor, name: string, offset: number, shape: readonly number[]): Tensor => ({
  ...whole,
  name: `${whole.name}.${name}`,
  shape,
  offset: whole.offset + offset,
});

/** The buffers that a layer's dims speak of. */
export function recurrentTensors(recorder: Recorder, layout: RecurrentLayout, parts: number) {
  return {
    gates: recorder.scratch("gates", [parts, layout.gatesPart]),
    states: recorder.scratch("states", [parts, layout.statesPart]),
    masks: recorder.scratch("masks", [parts, Math.max(layout.masksPart, 1)]),
  };
}

/** Whether a part runs backwards in time. */
export const runsBack = ({ reverse, layers }: Pick<LayoutOptions, "reverse" | "layers">, part: number): boolean =>
  reverse || (layers === 1 && part === 1);

export const rowsOf = (tensor: Tensor): number => sizeOf(tensor.shape.slice(0, -1));
