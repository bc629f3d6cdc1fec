import mguSource from "../../shaders/cell/mgu.wgsl?raw";
import { wholeNumbers } from "../check.ts";
import { makeCell } from "../ops/cells.ts";
import { rolesOf } from "./activation-roles.ts";
import type { Layer } from "./layer.ts";
import { recurrentLayers } from "./recurrent.ts";
import { givenOptions, type RecurrentOptions, writtenOut } from "./recurrent-options.ts";

/**
 * Minimal gated units: [T, B, I] → [T, B, D·H].
 *
 * f = σ(W·x + b + R·h + b'), n = tanh(W·x + b + R·(f·h) + b'), h = (1 − f)·h + f·n (Zhou, Wu, Zhang & Zhou 2016).
 * Parameters named as PyTorch names its GRU's: `weight_ih_l<k>` [2H, I], `weight_hh_l<k>` [2H, H], `bias_ih_l<k>` and
 * `bias_hh_l<k>` [2H], gates in the order f n, uniform in ±1/√H at the start.
 * @param inputs I
 * @param hidden H, of all layers or of each
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is out of its range
 */
export function mgu(inputs: number, hidden: number | readonly number[], options: RecurrentOptions = {}): Layer {
  const written = writtenOut("mgu", options, []);
  wholeNumbers("mgu", { inputs });
  const cell = makeCell(
    mguSource,
    { kind: "mgu", gates: 1, states: 1, second: "resets" },
    rolesOf("mgu", { f: "sigmoid", g: "tanh" }, undefined, written.direction),
  );
  return recurrentLayers({
    kind: "mgu",
    cell,
    inputs,
    hidden,
    options: written,
    config: { inputs, hidden, ...givenOptions(written) },
  });
}
