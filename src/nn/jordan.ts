import rnnSource from "../../shaders/cell/rnn.wgsl?raw";
import { wholeNumbers } from "../check.ts";
import { makeCell } from "../ops/cells.ts";
import { type ActivationChoice, rolesOf } from "./activation-roles.ts";
import type { Layer } from "./layer.ts";
import { recurrentLayers } from "./recurrent.ts";
import { givenOptions, type RecurrentOptions, writtenOut } from "./recurrent-options.ts";

export interface JordanOptions extends RecurrentOptions {
  /** f of the hidden units and g of the outputs, for all directions or for each. Default tanh, tanh. */
  activations?: ActivationChoice;
}

/**
 * The Jordan network, whose output feeds back: [T, B, I] → [T, B, D·O].
 *
 * h = f(W·x + b + U·y + b'), y = g(V·h + c) (Jordan 1986). Parameters `weight_ih_l<k>` [H, I], U in `weight_hh_l<k>`
 * [H, O], `bias_ih_l<k>` and `bias_hh_l<k>` [H], V in `weight_ho_l<k>` [O, H] and c in `bias_ho_l<k>` [O], uniform in
 * ±1/√H at the start. Its states are y and, for the eye only, h.
 * @param inputs I
 * @param hidden H, of all layers or of each
 * @param outputs O
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is out of its range
 */
export function jordan(
  inputs: number,
  hidden: number | readonly number[],
  outputs: number,
  options: JordanOptions = {},
): Layer {
  const written = writtenOut("jordan", options, ["activations"]);
  wholeNumbers("jordan", { inputs, outputs });
  const { f, g } = rolesOf("jordan", { f: "tanh", g: "tanh" }, written.activations, written.direction);
  return recurrentLayers({
    kind: "jordan",
    cell: makeCell(rnnSource, { kind: "rnn", gates: 1, states: 2, second: "projects" }, { f: f ?? [], out: g ?? [] }),
    inputs,
    hidden,
    out: outputs,
    projection: "ho",
    letters: ["y", "h"],
    options: written,
    config: { inputs, hidden, outputs, ...givenOptions(written) },
  });
}
