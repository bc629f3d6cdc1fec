import lstmSource from "../../shaders/cell/lstm.wgsl?raw";
import { finite, flag, wholeNumbers } from "../check.ts";
import { refuse } from "../errors.ts";
import { makeCell } from "../ops/cells.ts";
import { type ActivationChoice, clipOf, rolesOf } from "./activation-roles.ts";
import type { Layer } from "./layer.ts";
import { recurrentLayers } from "./recurrent.ts";
import { givenOptions, type RecurrentOptions, writtenOut } from "./recurrent-options.ts";

export interface LstmOptions extends RecurrentOptions {
  /** Lets i and f see c before the step, and o after it: `peephole_l<k>` [3H], i f o. Default false. */
  peepholes?: boolean;
  /** f = 1 − i: three gates, i g o, in all weights; peepholes then are i o (Greff et al. 2017). Default false. */
  coupled?: boolean;
  /** Bound of |c| (Sak et al. 2014). Default none. */
  cellClip?: number;
  /** P, units of h, which `weight_hr_l<k>` [P, H] makes of o·tanh(c): PyTorch's `proj_size`. Default none. */
  projection?: number;
  /** Where the sum of the forget gate's biases starts. Default as the other biases. */
  forgetBias?: number;
  /** Bound of what goes into every activation, as ONNX's `clip`. Default none. */
  clip?: number;
  /** f, g, h as ONNX names them, for all directions or for each. Default sigmoid, tanh, tanh. */
  activations?: ActivationChoice;
}

const OWN = ["peepholes", "coupled", "cellClip", "projection", "forgetBias", "clip", "activations"] as const;

/**
 * Long short-term memory as `torch.nn.LSTM` computes it: [T, B, I] → [T, B, D·H].
 *
 * i, f, o = σ(W·x + b + R·h + b'), g = tanh(…), c = f·c + i·g, h = o·tanh(c)
 * (Hochreiter & Schmidhuber 1997, forget gate Gers et al. 2000, peepholes Gers & Schmidhuber 2000). Parameters by
 * PyTorch's names: `weight_ih_l<k>` [4H, I], `weight_hh_l<k>` [4H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [4H], gates in
 * the order i f g o, uniform in ±1/√H at the start.
 * @param inputs I
 * @param hidden H, of all layers or of each
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is out of its range
 */
export function lstm(inputs: number, hidden: number | readonly number[], options: LstmOptions = {}): Layer {
  const written = writtenOut("lstm", options, OWN);
  const { peepholes = false, coupled = false, cellClip, projection, forgetBias, clip, activations } = written;
  wholeNumbers("lstm", { inputs });
  flag("lstm: peepholes", written.peepholes);
  flag("lstm: coupled", written.coupled);
  if (cellClip !== undefined) clipOf("lstm: cellClip", cellClip);
  if (projection !== undefined) wholeNumbers("lstm", { projection });
  if (forgetBias !== undefined) checkForgetBias(forgetBias, coupled, written.bias ?? true);
  const roles = rolesOf("lstm", { f: "sigmoid", g: "tanh", h: "tanh" }, activations, written.direction);
  const cell = makeCell(
    lstmSource,
    {
      kind: "lstm",
      gates: coupled ? 3 : 4,
      states: 2,
      ...(projection === undefined ? {} : { second: "projects" as const }),
      ...(peepholes ? { peepholes: coupled ? 2 : 3 } : {}),
      ...(coupled ? { coupled } : {}),
      ...(cellClip === undefined ? {} : { cellClip }),
    },
    projection === undefined ? roles : { ...roles, out: [{ name: "affine", alpha: 1, beta: 0 }] },
    clipOf("lstm: clip", clip),
  );
  return recurrentLayers({
    kind: "lstm",
    cell,
    inputs,
    hidden,
    out: projection,
    ...(projection === undefined ? {} : { projection: "hr" as const }),
    forgetBias,
    options: written,
    config: { inputs, hidden, ...givenOptions(written) },
  });
}

function checkForgetBias(value: number, coupled: boolean, bias: boolean): void {
  finite("lstm: forgetBias", value);
  if (!coupled && bias) return;
  const expected = `a layer with ${bias ? "a forget gate of its own" : "biases"}`;
  throw refuse({ what: "lstm: forgetBias", expected, got: bias ? "coupled: true" : "bias: false" });
}
