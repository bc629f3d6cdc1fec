import rnnSource from "../../shaders/cell/rnn.wgsl?raw";
import { wholeNumbers } from "../check.ts";
import type { Activation } from "../ops/activations.ts";
import { makeCell } from "../ops/cells.ts";
import { type ActivationChoice, clipOf, rolesOf } from "./activation-roles.ts";
import type { Layer } from "./layer.ts";
import { recurrentLayers } from "./recurrent.ts";
import { givenOptions, type RecurrentOptions, writtenOut } from "./recurrent-options.ts";

export interface RnnOptions extends RecurrentOptions {
  /** One for all directions, or the forward and the reverse direction's. Default "tanh". */
  activation?: Activation | ActivationChoice;
  /** Bound of what goes into the activation, as ONNX's `clip`. Default none. */
  clip?: number;
}

/**
 * The Elman network as `torch.nn.RNN` computes it: [T, B, I] → [T, B, D·H].
 *
 * h = tanh(W·x + b + R·h + b'), or another activation (Elman 1990). Parameters by PyTorch's names: `weight_ih_l<k>`
 * [H, I], `weight_hh_l<k>` [H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [H], uniform in ±1/√H at the start.
 * @param inputs I
 * @param hidden H, of all layers or of each
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is out of its range
 */
export function rnn(inputs: number, hidden: number | readonly number[], options: RnnOptions = {}): Layer {
  return elman("rnn", "tanh", false, inputs, hidden, options);
}

/**
 * The independently recurrent network: [T, B, I] → [T, B, D·H].
 *
 * h = relu(W·x + b + u·h + b'), or another activation: each unit sees its own past only (Li et al. 2018). Parameters
 * `weight_ih_l<k>` [H, I], `weight_hh_l<k>` [H], the vector u, `bias_ih_l<k>` and `bias_hh_l<k>` [H], uniform in ±1/√H at
 * the start.
 * @param inputs I
 * @param hidden H, of all layers or of each
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is out of its range
 */
export function indrnn(inputs: number, hidden: number | readonly number[], options: RnnOptions = {}): Layer {
  return elman("indrnn", "relu", true, inputs, hidden, options);
}

function elman(
  kind: string,
  usual: Activation,
  diagonal: boolean,
  inputs: number,
  hidden: number | readonly number[],
  options: RnnOptions,
): Layer {
  const written = writtenOut(kind, options, ["activation", "clip"]);
  const { activation, clip, direction } = written;
  wholeNumbers(kind, { inputs });
  const chosen = activation === undefined || Array.isArray(activation) ? activation : [activation as Activation];
  const cell = makeCell(
    rnnSource,
    { kind: "rnn", gates: 1, states: 1, ...(diagonal ? { diagonal } : {}) },
    rolesOf(kind, { f: usual }, chosen as ActivationChoice | undefined, direction),
    clipOf(`${kind}: clip`, clip),
  );
  return recurrentLayers({
    kind,
    cell,
    inputs,
    hidden,
    options: written,
    config: { inputs, hidden, ...givenOptions(written) },
  });
}
