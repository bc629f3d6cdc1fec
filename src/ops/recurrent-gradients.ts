import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { allGates } from "./cells.ts";
import { biasGradients } from "./column-sum.ts";
import { weightGradients } from "./linear.ts";
import { keepsR } from "./recurrence-variant.ts";
import { type LayoutOptions, type RecurrentLayout, runsBack, viewOf } from "./recurrent-layout.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";

/** What the recurrence has left for the gradients of the parameters. */
interface Left {
  /** By part, rows with the sum of the gradients of x. */
  readonly dx: readonly Tensor[]; // [any, G·H]
  readonly gates: Tensor;
  readonly states: Tensor;
  readonly dstate: Tensor;
  readonly layout: RecurrentLayout;
}

/** The gradients of everything that the recurrent products are made of, each of all parts at once. */
export function recurrentGradients(
  recorder: Recorder,
  options: LayoutOptions,
  parts: readonly RecurrentWeights[],
  { dx, gates, states, dstate, layout }: Left,
): void {
  const { cell, hidden, out, batch, time, twoStages, dropped, layerNorm } = options;
  const { dims } = layout;
  const rows = (name: string, columns: number) => (p: number) =>
    viewOf(gates, name, p * layout.gatesPart + (dims[name] ?? 0), [time, batch, columns]);
  const tail = (name: string, columns: number) => (p: number) =>
    viewOf(dstate, name, layout.tail + p * layout.tailPart + (dims[name] as number), [batch, columns]);
  const before = (p: number): Tensor => {
    const row = runsBack(options, p) ? batch * out : 0;
    return viewOf(states, "before", p * layout.statesPart + (dims.h_rows as number) + row, [time, batch, out]);
  };
  const own = cell.gates * hidden;
  const all = allGates(cell) * hidden;
  const { biasHh, gainHh, peepholes, biasOut } = parts[0] as RecurrentWeights;

  /** Sums of rows, by part, into parameters that all parts have. */
  const sums = (dy: (p: number) => Tensor, bias: keyof RecurrentWeights, second?: keyof RecurrentWeights): void =>
    biasGradients(
      recorder,
      parts.map((weights, p) => ({ dy: dy(p), bias: weights[bias] as Tensor, second: second && weights[second] })),
    );
  if (cell.diagonal) {
    sums(tail("ddiagonal", own), "weightHh");
  } else {
    // What R is multiplied with at every step, and the gradients of the products.
    const operand = dropped ? rows("operand", out) : before;
    const dr = keepsR(options) ? rows("r", own) : rows("x", all);
    weightGradients(
      recorder,
      parts.map(({ weightHh }, p) => ({ x: operand(p), dy: dr(p), weight: weightHh, rows: own })),
    );
  }
  if (twoStages) {
    const [mid, dy] = [rows("mid", hidden), rows("second", out)];
    weightGradients(
      recorder,
      parts.map(({ weightHh, weightOut: projection }, p) => ({
        x: mid(p),
        dy: dy(p),
        ...(projection ? { weight: projection } : { weight: weightHh, firstRow: own, rows: out }),
      })),
    );
    if (biasOut) sums(dy, "biasOut");
  }
  // Of b_ih, unless a layer norm has it as its own, and b_hh: the same sums but where the cell splits.
  const dxOf = (p: number): Tensor => dx[p] as Tensor;
  if (biasHh && cell.split) {
    if (!layerNorm) sums(dxOf, "biasIh");
    sums(layerNorm ? tail("dshift", own) : rows("r", own), "biasHh");
  } else if (biasHh) {
    if (layerNorm) sums(dxOf, "biasHh");
    else sums(dxOf, "biasIh", "biasHh");
  }
  if (gainHh) sums(tail("dgain", all), "gainHh");
  if (peepholes) sums(tail("dpeepholes", (cell.peepholes as number) * hidden), "peepholes");
}
