import gruSource from "../../shaders/cell/gru.wgsl?raw";
import lstmSource from "../../shaders/cell/lstm.wgsl?raw";
import rnnSource from "../../shaders/cell/rnn.wgsl?raw";
import type { CellShader } from "../variant.ts";

/** A row for each recurrent cell: its maths, and what the machines must know of it. */
export interface Cell extends CellShader {
  /** G, rows of H in the weights. */
  readonly gates: number;
  /** S, states of a unit, 1 or 2, the output h first. */
  readonly states: number;
  /** What the cell's text and the machines branch on; SPLIT: the gradients for x and r differ. */
  readonly flags: { readonly SPLIT?: boolean; readonly RELU?: boolean };
}

export const lstmCell: Cell = { name: "lstm", source: lstmSource, gates: 4, states: 2, flags: {} };
export const gruCell: Cell = { name: "gru", source: gruSource, gates: 3, states: 1, flags: { SPLIT: true } };

/** The Elman network by its activation. */
export const rnnCells = {
  tanh: { name: "rnn_tanh", source: rnnSource, gates: 1, states: 1, flags: {} },
  relu: { name: "rnn_relu", source: rnnSource, gates: 1, states: 1, flags: { RELU: true } },
} as const satisfies Record<string, Cell>;

/** Elements from the gates of one unit to those of the next where the machines read them: WGSL aligns a vec3f as a vec4f. */
export const gatePitch = (gates: number): number => (gates === 3 ? 4 : gates);
