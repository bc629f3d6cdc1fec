import { oneOf, wholeNumbers, within } from "../check.ts";
import { lstmCell } from "../ops/cells.ts";
import { dropout as recordDropout } from "../ops/dropout.ts";
import { MACHINES, type Machine } from "../ops/machine.ts";
import { recurrent } from "../ops/recurrent.ts";
import type { Layer, Parameter } from "./layer.ts";

export interface LstmOptions {
  /** L, recurrent layers one on the other. Default 1. */
  layers?: number;
  /** Share of the outputs between layers that training sets to zero, in [0, 1). Default 0. */
  dropout?: number;
  /** The recurrent machine to run on; by default the one that suits the sizes. */
  machine?: Machine;
}

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
export function lstm(inputs: number, hidden: number, options: LstmOptions = {}): Layer {
  const { layers = 1, dropout = 0, machine } = options;
  wholeNumbers("lstm", { inputs, hidden, layers });
  within("lstm: dropout", dropout, 0, 1);
  oneOf("lstm: machine", machine, MACHINES);
  const levels = Array.from({ length: layers }, (_, level) => level);
  return {
    kind: "lstm",
    config: { inputs, hidden, layers, dropout, ...(machine ? { machine } : {}) },
    parameters: levels.flatMap((level) => levelParameters(level, level === 0 ? inputs : hidden, hidden)),
    input: inputs,
    output: hidden,
    record: ({ recorder, parameter, state }, x) =>
      levels.reduce((below, level) => {
        const input = level === 0 ? below : recordDropout(recorder, below, dropout);
        const batch = input.shape[1] as number;
        return recurrent(recorder, {
          cell: lstmCell,
          x: input,
          state: state(`state_l${level}`, [lstmCell.states, batch, hidden]),
          weights: {
            weightIh: parameter(`weight_ih_l${level}`),
            weightHh: parameter(`weight_hh_l${level}`),
            biasIh: parameter(`bias_ih_l${level}`),
            biasHh: parameter(`bias_hh_l${level}`),
          },
          machine,
        });
      }, x),
  };
}

function levelParameters(level: number, inputs: number, hidden: number): Parameter[] {
  const rows = lstmCell.gates * hidden;
  const initial = { kind: "uniform", bound: 1 / Math.sqrt(hidden) } as const;
  return [
    { name: `weight_ih_l${level}`, shape: [rows, inputs], initial },
    { name: `weight_hh_l${level}`, shape: [rows, hidden], initial },
    { name: `bias_ih_l${level}`, shape: [rows], initial },
    { name: `bias_hh_l${level}`, shape: [rows], initial },
  ];
}
