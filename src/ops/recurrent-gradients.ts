import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { allGates } from "./cells.ts";
import { biasGradient } from "./column-sum.ts";
import { weightGradient } from "./linear.ts";
import { keepsR } from "./recurrence-variant.ts";
import { type LayoutOptions, type RecurrentLayout, runsBack, viewOf } from "./recurrent-layout.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";

/** What the recurrence has left for the gradients of the parameters. */
export interface Left {
  /** Rows with the sum of the gradients of x. */
  readonly dx: Tensor; // [any, G·H]
  readonly gates: Tensor;
  readonly states: Tensor;
  readonly dstate: Tensor;
  readonly layout: RecurrentLayout;
}

/** The gradients of everything that the recurrent products of one part are made of. */
export function recurrentGradients(
  recorder: Recorder,
  options: LayoutOptions,
  part: number,
  weights: RecurrentWeights,
  left: Left,
): void {
  const { cell, hidden, out, batch, time, twoStages } = options;
  const { dx, gates, dstate, layout } = left;
  const { dims } = layout;
  const base = part * layout.gatesPart;
  const rowsOf = (name: string, columns: number): Tensor =>
    viewOf(gates, name, base + (dims[name] ?? 0), [time, batch, columns]);
  const tail = (name: string, columns: number): Tensor => {
    const offset = layout.tail + part * layout.tailPart + (dims[name] as number);
    return viewOf(dstate, name, offset, [batch, columns]);
  };
  const own = cell.gates * hidden;
  const all = allGates(cell) * hidden;
  const { weightHh, biasIh, biasHh, gainHh, peepholes, weightOut, biasOut } = weights;

  if (cell.diagonal) {
    biasGradient(recorder, tail("ddiagonal", own), weightHh);
  } else {
    const dr = keepsR(options) ? rowsOf("r", own) : rowsOf("x", all);
    weightGradient(recorder, { ...operandOf(options, part, left), dy: dr, weight: weightHh, rows: own });
  }
  if (twoStages) {
    const mid = { x: gates, xOffset: base + (dims.mid as number) };
    const dy = rowsOf("second", out);
    if (weightOut) weightGradient(recorder, { ...mid, dy, weight: weightOut });
    else weightGradient(recorder, { ...mid, dy, weight: weightHh, firstRow: own, rows: out });
    if (biasOut) biasGradient(recorder, dy, biasOut);
  }
  shiftGradients(recorder, options, { biasIh, biasHh }, dx, () =>
    options.layerNorm ? tail("dshift", own) : rowsOf("r", own),
  );
  if (gainHh) biasGradient(recorder, tail("dgain", all), gainHh);
  if (peepholes) biasGradient(recorder, tail("dpeepholes", (cell.peepholes as number) * hidden), peepholes);
}

/** Of b_ih, unless a layer norm has it as its own, and b_hh: the same sums but where the cell splits. */
function shiftGradients(
  recorder: Recorder,
  { cell, layerNorm }: LayoutOptions,
  { biasIh, biasHh }: Pick<RecurrentWeights, "biasIh" | "biasHh">,
  dx: Tensor,
  dr: () => Tensor,
): void {
  if (!biasIh || !biasHh) return;
  if (cell.split) {
    if (!layerNorm) biasGradient(recorder, dx, biasIh);
    biasGradient(recorder, dr(), biasHh);
  } else if (layerNorm) {
    biasGradient(recorder, dx, biasHh);
  } else {
    biasGradient(recorder, dx, biasIh, biasHh);
  }
}

/** What R is multiplied with at every step of a part. */
function operandOf(options: LayoutOptions, part: number, { gates, states, layout }: Left) {
  const { dims } = layout;
  if (options.dropped) return { x: gates, xOffset: part * layout.gatesPart + (dims.operand as number) };
  const rowBefore = runsBack(options, part) ? options.batch * options.out : 0;
  return { x: states, xOffset: part * layout.statesPart + (dims.h_rows as number) + rowBefore };
}
