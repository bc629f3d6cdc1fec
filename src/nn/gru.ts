import { gruCell } from "../ops/cells.ts";
import type { Layer } from "./layer.ts";
import { type RecurrentOptions, recurrentLayers } from "./recurrent.ts";

/**
 * Gated recurrent units as `torch.nn.GRU` computes them: [T, B, I] → [T, B, H].
 *
 * r, z = σ(W·x + b + R·h + b'), n = tanh(W·x + b + r·(R·h + b')), h = (1 − z)·n + z·h
 * (Cho et al. 2014, the reset gate after the product). Parameters by PyTorch's names: `weight_ih_l<k>` [3H, I],
 * `weight_hh_l<k>` [3H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [3H], gates in the order r z n, uniform in ±1/√H at the
 * start.
 * @param inputs I
 * @param hidden H
 * @throws WebgpuRnnError when a size is not a whole number of at least 1 or dropout lies outside [0, 1)
 */
export function gru(inputs: number, hidden: number, options: RecurrentOptions = {}): Layer {
  return recurrentLayers({ kind: "gru", cell: gruCell, inputs, hidden, options });
}
