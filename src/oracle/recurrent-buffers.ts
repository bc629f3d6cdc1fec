import { PackedWeights } from "./packed-weights.ts";
import type { Call, CellTwin } from "./twin.ts";

type Floats = Float64Array;

/** The tensors of one part of a recurrent layer; the layout stands in `shaders/shared/layout.wgsl`. */
export class RecurrentBuffers {
  readonly cell: CellTwin;
  readonly direction: number;
  readonly batch: number; // B
  readonly time: number; // T
  readonly hidden: number; // H
  readonly out: number;
  readonly allGates: number;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly #call: Call;
  readonly #first: PackedWeights;
  /** W of a wavefront, which lies behind the R of all layers; undefined of the lowest. */
  readonly #inputs: PackedWeights | undefined;
  readonly #second: PackedWeights | undefined;
  readonly #part: number;

  constructor(call: Call, part: number) {
    if (!call.cell) throw new Error("internal: a recurrent twin needs the twin of its cell");
    this.#call = call;
    this.#part = part;
    this.cell = call.cell;
    this.direction = (call.constants.DIRECTION as number) + (call.flags.WAVEFRONT ? 0 : part);
    this.batch = call.dims.batch as number;
    this.time = call.dims.time as number;
    this.hidden = call.constants.HIDDEN as number;
    this.out = call.constants.OUT as number;
    this.flags = call.flags;
    this.allGates = this.cell.gates + (call.flags.RESETS ? 1 : 0);
    const { recurrent, second } = call.buffers;
    const half = call.flags.HALF === true;
    const { recurrent_part: firstPart, second_part: secondPart } = call.dims as Record<string, number>;
    const operands = call.flags.DIAGONAL ? 1 : this.out;
    const first = (packed: number): PackedWeights =>
      new PackedWeights(recurrent, {
        half,
        gates: this.cell.gates,
        count: operands * this.hidden,
        at: packed * firstPart,
      });
    this.#first = first(part);
    if (call.flags.WAVEFRONT && part > 0) this.#inputs = first((call.dims.layers as number) + part - 1);
    this.#second =
      second && new PackedWeights(second, { half, gates: 1, count: this.hidden * this.out, at: part * secondPart });
  }

  timeOf(step: number): number {
    return this.direction === 1 ? this.time - 1 - step : step;
  }

  /** The layer below, or above, in a wavefront; undefined where there is none. */
  neighbour(above: -1 | 1): RecurrentBuffers | undefined {
    const part = this.#part + above;
    const within = this.flags.WAVEFRONT && part >= 0 && part < (this.#call.dims.layers as number);
    return within ? new RecurrentBuffers(this.#call, part) : undefined;
  }

  /** The step that the layer takes when the lowest of a wavefront takes step `begin`. */
  get step(): number {
    return (this.#call.dims.begin as number) - (this.flags.WAVEFRONT ? this.#part : 0);
  }

  /** What a named buffer holds for one part from a dim on. */
  #region(buffer: string, partDim: string, dim?: string): Floats {
    const offset = this.#part * (this.#call.dims[partDim] as number) + (dim ? (this.#call.dims[dim] as number) : 0);
    return (this.#call.buffers[buffer] as Floats).subarray(offset);
  }

  // Vectors over the units of one row, as views.

  /** State s in the row of the states before or after step t. */
  state(s: number, when: "before" | "after", t: number, row: number): Floats {
    const stateRow = when === "before" ? t + this.direction : t + 1 - this.direction;
    const width = s === 0 ? this.out : this.hidden;
    const at = (stateRow * this.batch + row) * width;
    return this.#region("states", "states_part", s === 0 ? "h_rows" : "c_rows").subarray(at, at + width);
  }

  /** State s in `state` or `dstate`. */
  carried(buffer: "state" | "dstate", s: number, row: number): Floats {
    const width = s === 0 ? this.out : this.hidden;
    const at = (s === 0 ? 0 : this.batch * this.out) + row * width;
    return this.#region(buffer, "state_part", "carried").subarray(at, at + width);
  }

  /** All gates of one row: gate g of unit u at g·H + u. */
  gates(t: number, row: number): Floats {
    return this.#rows("gates", "gates_part", undefined, t, row, this.allGates * this.hidden);
  }

  r(t: number, row: number): Floats {
    return this.#rows("gates", "gates_part", "r", t, row, this.cell.gates * this.hidden);
  }

  /** Where the gradients of R·operand lie. */
  dr(t: number, row: number): Floats {
    return this.flags.KEEPS_R || this.flags.LAYER_NORM ? this.r(t, row) : this.gates(t, row);
  }

  mid(t: number, row: number): Floats {
    return this.#rows("gates", "gates_part", "mid", t, row, this.hidden);
  }

  second(t: number, row: number): Floats {
    return this.#rows("gates", "gates_part", "second", t, row, this.out);
  }

  /** What R is multiplied with at step t. */
  operand(t: number, row: number): Floats {
    return this.flags.DROPPED ? this.droppedOperand(t, row) : this.state(0, "before", t, row);
  }

  droppedOperand(t: number, row: number): Floats {
    return this.#rows("gates", "gates_part", "operand", t, row, this.out);
  }

  /** One number: 1 / standard deviation of stage 0 or 1. */
  deviation(stage: number, t: number, row: number): Floats {
    return this.#rows("gates", "gates_part", "deviation", stage * this.time + t, row, 1);
  }

  dh(t: number, row: number): Floats {
    return this.#rows("dh", "dh_part", undefined, t, row, this.out);
  }

  /** What a step takes of the new state s of a unit. */
  share(s: number, t: number, row: number, unit: number): number {
    const { ZONEOUT, MASKED } = this.flags;
    const width = s === 0 ? this.out : this.hidden;
    const drawn = (): number =>
      this.#rows("masks", "masks_part", s === 0 ? undefined : "zoneout_c", t, row, width)[unit] as number;
    const share = ZONEOUT ? drawn() : (this.#call.dims.share as number);
    return MASKED ? share * ((this.#call.buffers.mask as Floats)[t * this.batch + row] as number) : share;
  }

  drop(t: number, row: number, unit: number): number {
    const at = t * (this.#call.dims.drop_step as number) + row * this.out + unit;
    return this.#region("masks", "masks_part", "drop")[at] as number;
  }

  /** Sums of a row in the tail of dstate, and what one stage leaves to the other. */
  tail(dim: string, row: number, width: number): Floats {
    const { tail, tail_part: part } = this.#call.dims as Record<string, number>;
    const at = tail + this.#part * part + (this.#call.dims[dim] as number) + row * width;
    return (this.#call.buffers.dstate as Floats).subarray(at, at + width);
  }

  /** A weight of the first product: a gate of a unit in a row of the copy. */
  weight(row: number, width: number, unit: number, gate: number): number {
    return this.#first.weight(row * width + unit, gate);
  }

  /** The same of W in a wavefront: none of the lowest layer. */
  inputWeight(row: number, width: number, unit: number, gate: number): number {
    return (this.#inputs as PackedWeights).weight(row * width + unit, gate);
  }

  /** b_ih, of the same. */
  inputShift(unit: number, gate: number): number {
    return (this.#inputs as PackedWeights).number(unit, gate);
  }

  secondWeight(row: number, width: number, unit: number): number {
    return (this.#second as PackedWeights).weight(row * width + unit, 0);
  }

  /** Row 0 shift, 1 peepholes, 2 gain. */
  unitRow(row: number, unit: number): number[] {
    return Array.from({ length: this.cell.gates }, (_, g) => this.#first.number(row * this.hidden + unit, g));
  }

  secondUnitRow(row: number, unit: number): number {
    return (this.#second as PackedWeights).number(row * this.out + unit, 0);
  }

  peepholes(unit: number): number[] {
    return this.flags.PEEPHOLES ? this.unitRow(1, unit).slice(0, 3) : [0, 0, 0];
  }

  #rows(buffer: string, partDim: string, dim: string | undefined, t: number, row: number, width: number): Floats {
    const at = (t * this.batch + row) * width;
    return this.#region(buffer, partDim, dim).subarray(at, at + width);
  }
}

/** The gates of one unit in a row of gates, and back. */
export const gatesOfUnit = (row: Floats, unit: number, hidden: number, gates: number): number[] =>
  Array.from({ length: gates }, (_, g) => row[g * hidden + unit] as number);

export function putGates(row: Floats, unit: number, hidden: number, values: readonly number[]): void {
  values.forEach((value, g) => {
    row[g * hidden + unit] = value;
  });
}
