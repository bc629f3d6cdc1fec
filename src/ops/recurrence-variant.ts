import {
  rnnBegin,
  rnnRowsBackward,
  rnnRowsForward,
  rnnScanBackward,
  rnnScanForward,
  rnnStepBackward,
} from "../kernels.ts";
import type { Kernel, Variant } from "../variant.ts";
import type { Cell } from "./cells.ts";
import type { MachinePlan } from "./machine.ts";

/** What decides the text of the recurrent kernels of a layer. */
export interface RecurrenceVariant {
  readonly cell: Cell;
  readonly machine: Pick<MachinePlan, "flags" | "tile" | "rowQuads" | "rowsTile">;
  readonly hidden: number; // H
  /** Units of h. */
  readonly out: number;
  /** The products read their weights as float16. */
  readonly half: boolean;
  /** The first, or only, direction runs backwards in time. */
  readonly reverse: boolean;
  /** L, layers of a wavefront: the parts; 1 where the parts are directions. */
  readonly layers: number;
  readonly twoStages: boolean;
  readonly layerNorm: boolean;
  /** The second stage normalises as well. */
  readonly secondNorm: boolean;
  readonly masked: boolean;
  /** Zoneout is drawn; false where there is none, or only its expectation. */
  readonly zoneout: boolean;
  /** A step may leave states as they are. */
  readonly keeps: boolean;
  /** Recurrent dropout is drawn. */
  readonly dropped: boolean;
  /** The backward pass leaves all of dL/dh where the cotangents were. */
  readonly flow: boolean;
}

export type RecurrenceFlags = Readonly<Record<string, boolean>>;

/** Whether r has a place of its own behind the gates. */
export const keepsR = ({ cell, layerNorm }: Pick<RecurrenceVariant, "cell" | "layerNorm">): boolean =>
  layerNorm || cell.split === true;

/** A recurrent kernel for a layer, with the tile that the machine chose. */
export function variantOf(kernel: Kernel, layer: RecurrenceVariant, stage: RecurrenceFlags = {}): Variant {
  const { cell, machine, hidden, out, reverse } = layer;
  const rows = kernel === rnnRowsForward || kernel === rnnRowsBackward;
  const { LANES, UNITS } = rows ? machine.rowsTile : machine.tile;
  const wide = { HIDDEN: hidden, OUT: out, STATES: cell.states, DIRECTION: reverse ? 1 : 0 };
  if (kernel === rnnBegin) {
    return {
      kernel,
      cell,
      flags: on(cellFlags(cell), layerFlags(layer)),
      constants: { ...wide, WIDTH: Math.max(hidden, out) },
    };
  }
  const backward = kernel === rnnScanBackward || kernel === rnnStepBackward || kernel === rnnRowsBackward;
  const flags = on(cellFlags(cell), layerFlags(layer), stage, {
    LAYER_NORM: layer.layerNorm && kernel !== rnnRowsForward, // which is for such layers only
    SECOND_NORM: layer.secondNorm,
    STAGED: machine.flags.STAGED && !rows,
    SPLIT_K: machine.flags.SPLIT_K,
    STATIONARY: machine.flags.STATIONARY,
    ONE_ROW: machine.flags.ONE_ROW && !rows,
    QUADS: machine.flags.QUADS && !(kernel === rnnScanForward && layer.layerNorm), // which has all units wait for all
    FLOW: backward && layer.flow,
    KEEPS_R: backward && !rows && keepsR(layer),
  });
  const peepholes = backward && cell.peepholes ? { PEEPHOLES: cell.peepholes } : {};
  const rowQuads = machine.rowQuads > 1 ? { ROW_QUADS: machine.rowQuads } : {};
  return { kernel, cell, flags, constants: { ...wide, LANES, UNITS, ...rowQuads, ...peepholes } };
}

const cellFlags = (cell: Cell): RecurrenceFlags => ({
  TWO_STAGES: cell.second !== undefined,
  RESETS: cell.second === "resets",
  PROJECTS: cell.second === "projects",
  SPLIT: cell.split === true,
  DIAGONAL: cell.diagonal === true,
  PEEPHOLES: cell.peepholes !== undefined,
  COUPLED: cell.coupled === true,
  CELL_CLIP: cell.cellClip !== undefined,
});

const layerFlags = (layer: RecurrenceVariant): RecurrenceFlags => ({
  HALF: layer.half,
  WAVEFRONT: layer.layers > 1,
  MASKED: layer.masked,
  ZONEOUT: layer.zoneout,
  KEEPS: layer.keeps,
  DROPPED: layer.dropped,
  DRAWN: layer.zoneout || layer.dropped,
  STORES_R: layer.cell.split === true && !layer.layerNorm,
});

const on = (...sets: readonly RecurrenceFlags[]): RecurrenceFlags =>
  Object.fromEntries(Object.entries(Object.assign({}, ...sets) as RecurrenceFlags).filter(([, value]) => value));
