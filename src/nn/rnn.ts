import { refuse } from "../errors.ts";
import { rnnCells } from "../ops/cells.ts";
import type { Layer } from "./layer.ts";
import { type RecurrentOptions, recurrentLayers } from "./recurrent.ts";

export interface RnnOptions extends RecurrentOptions {
  /** Default "tanh". */
  activation?: keyof typeof rnnCells;
}

/**
 * The Elman network as `torch.nn.RNN` computes it: [T, B, I] → [T, B, H].
 *
 * h = tanh(W·x + b + R·h + b'), or max(…, 0) with `activation: "relu"` (Elman 1990). Parameters by PyTorch's names:
 * `weight_ih_l<k>` [H, I], `weight_hh_l<k>` [H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [H], uniform in ±1/√H at the
 * start.
 * @param inputs I
 * @param hidden H
 * @throws WebgpuRnnError when a size is not a whole number of at least 1, dropout lies outside [0, 1) or the activation
 *   is another one
 */
export function rnn(inputs: number, hidden: number, options: RnnOptions = {}): Layer {
  const { activation = "tanh" } = options;
  if (!Object.hasOwn(rnnCells, activation)) {
    const expected = `one of ${Object.keys(rnnCells).join(", ")}`;
    throw refuse({ what: "rnn: activation", expected, got: JSON.stringify(activation) });
  }
  return recurrentLayers({ kind: "rnn", cell: rnnCells[activation], inputs, hidden, options, config: { activation } });
}
