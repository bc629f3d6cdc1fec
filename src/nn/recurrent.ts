import { oneOf, wholeNumbers, within } from "../check.ts";
import type { Cell } from "../ops/cells.ts";
import { dropout as recordDropout } from "../ops/dropout.ts";
import { MACHINES, type Machine } from "../ops/machine.ts";
import { recurrent } from "../ops/recurrent.ts";
import type { Layer, LayerConfig, Parameter, StatePart } from "./layer.ts";

/** What every recurrent layer takes. */
export interface RecurrentOptions {
  /** L, recurrent layers one on the other. Default 1. */
  layers?: number;
  /** Share of the outputs between layers that training sets to zero, in [0, 1). Default 0. */
  dropout?: number;
  /** The recurrent machine to run on; by default the one that suits the sizes. */
  machine?: Machine;
}

interface Described {
  readonly kind: string;
  readonly cell: Cell;
  readonly inputs: number; // I
  readonly hidden: number; // H
  readonly options: RecurrentOptions;
  /** What a layer of this kind is built with besides. */
  readonly config?: LayerConfig;
}

/**
 * Layers of one cell, one on the other: [T, B, I] → [T, B, H]. Parameters by PyTorch's names: `weight_ih_l<k>` [G·H, I],
 * `weight_hh_l<k>` [G·H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [G·H], uniform in ±1/√H at the start.
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536, dropout lies outside [0, 1) or there is no
 *   such machine
 */
export function recurrentLayers({ kind, cell, inputs, hidden, options, config = {} }: Described): Layer {
  const { layers = 1, dropout = 0, machine } = options;
  wholeNumbers(kind, { inputs, hidden, layers });
  within(`${kind}: dropout`, dropout, 0, 1);
  oneOf(`${kind}: machine`, machine, MACHINES);
  const levels = Array.from({ length: layers }, (_, level) => level);
  return {
    kind,
    config: { inputs, hidden, layers, dropout, ...config, ...(machine ? { machine } : {}) },
    parameters: levels.flatMap((level) => levelParameters(level, level === 0 ? inputs : hidden, hidden, cell)),
    input: inputs,
    output: hidden,
    record: ({ recorder, parameter, state }, x) =>
      levels.reduce((below, level) => {
        const input = level === 0 ? below : recordDropout(recorder, below, dropout);
        const batch = input.shape[1] as number;
        return recurrent(recorder, {
          cell,
          x: input,
          state: state(`state_l${level}`, stateParts(cell, level, batch, hidden)),
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

/** The states of a level: the output h, and c where the cell has two. */
const stateParts = ({ states }: Cell, level: number, batch: number, hidden: number): StatePart[] =>
  ["h", "c"].slice(0, states).map((letter, s) => ({
    name: `${letter}_l${level}`,
    shape: [batch, hidden],
    offset: s * batch * hidden,
  }));

function levelParameters(level: number, inputs: number, hidden: number, { gates }: Cell): Parameter[] {
  const rows = gates * hidden;
  const initial = { kind: "uniform", bound: 1 / Math.sqrt(hidden) } as const;
  return [
    { name: `weight_ih_l${level}`, shape: [rows, inputs], initial },
    { name: `weight_hh_l${level}`, shape: [rows, hidden], initial },
    { name: `bias_ih_l${level}`, shape: [rows], initial },
    { name: `bias_hh_l${level}`, shape: [rows], initial },
  ];
}
