import { lstmCell } from "../ops/cells.ts";
import type { Layer } from "./layer.ts";
import { type RecurrentOptions, recurrentLayers } from "./recurrent.ts";

/**
 * Long short-term memory as `torch.nn.LSTM` computes it: [T, B, I] → [T, B, H].
 *
 * i, f, o = σ(W·x + b + R·h + b'), g = tanh(…), c = f·c + i·g, h = o·tanh(c)
 * (Hochreiter & Schmidhuber 1997, forget gate Gers et al. 2000). Parameters by PyTorch's names: `weight_ih_l<k>`
 * [4H, I], `weight_hh_l<k>` [4H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [4H], gates in the order i f g o, uniform in
 * ±1/√H at the start.
 * @param inputs I
 * @param hidden H
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536, dropout lies outside [0, 1) or there is no
 *   such machine
 */
export function lstm(inputs: number, hidden: number, options: RecurrentOptions = {}): Layer {
  return recurrentLayers({ kind: "lstm", cell: lstmCell, inputs, hidden, options });
}
