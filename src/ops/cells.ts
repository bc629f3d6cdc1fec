import lstmSource from "../../shaders/cell/lstm.wgsl?raw";
import type { CellShader } from "../variant.ts";

/** A row for each recurrent cell: its maths, and what the machines must know of it. */
export interface Cell extends CellShader {
  /** G, rows of H in the weights. */
  readonly gates: number;
  /** S, states of a unit, the output h first. */
  readonly states: number;
}

export const lstmCell: Cell = { name: "lstm", source: lstmSource, gates: 4, states: 2 };
