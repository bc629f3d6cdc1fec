import gruSource from "../../shaders/cell/gru.wgsl?raw";
import gruBeforeSource from "../../shaders/cell/gru_before.wgsl?raw";
import { oneOf, wholeNumbers } from "../check.ts";
import { makeCell } from "../ops/cells.ts";
import { type ActivationChoice, clipOf, rolesOf } from "./activation-roles.ts";
import type { Layer } from "./layer.ts";
import { recurrentLayers } from "./recurrent.ts";
import { givenOptions, type RecurrentOptions, writtenOut } from "./recurrent-options.ts";

const RESETS = ["after", "before"] as const;

export interface GruOptions extends RecurrentOptions {
  /** Whether r multiplies R·h + b' (PyTorch, cuDNN, Keras), or h before R (Cho et al. 2014, ONNX). Default "after". */
  reset?: (typeof RESETS)[number];
  /** Bound of what goes into every activation, as ONNX's `clip`. Default none. */
  clip?: number;
  /** f, g as ONNX names them, for all directions or for each. Default sigmoid, tanh. */
  activations?: ActivationChoice;
}

/**
 * Gated recurrent units as `torch.nn.GRU` computes them: [T, B, I] → [T, B, D·H].
 *
 * r, z = σ(W·x + b + R·h + b'), n = tanh(W·x + b + r·(R·h + b')), h = (1 − z)·n + z·h
 * (Cho et al. 2014; with `reset: "before"` n = tanh(W·x + b + R·(r·h) + b')). Parameters by PyTorch's names:
 * `weight_ih_l<k>` [3H, I], `weight_hh_l<k>` [3H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [3H], gates in the order r z n,
 * uniform in ±1/√H at the start.
 * @param inputs I
 * @param hidden H, of all layers or of each
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is out of its range
 */
export function gru(inputs: number, hidden: number | readonly number[], options: GruOptions = {}): Layer {
  const written = writtenOut("gru", options, ["reset", "clip", "activations"]);
  const { reset = "after", clip, activations, direction } = written;
  wholeNumbers("gru", { inputs });
  oneOf("gru: reset", reset, RESETS);
  const cell = makeCell(
    reset === "after" ? gruSource : gruBeforeSource,
    reset === "after"
      ? { kind: "gru", gates: 3, states: 1, split: true }
      : { kind: "gru_before", gates: 2, states: 1, second: "resets" },
    rolesOf("gru", { f: "sigmoid", g: "tanh" }, activations, direction),
    clipOf("gru: clip", clip),
  );
  return recurrentLayers({
    kind: "gru",
    cell,
    inputs,
    hidden,
    options: written,
    config: { inputs, hidden, ...givenOptions(written) },
  });
}
