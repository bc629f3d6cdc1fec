import { gatePitch } from "../ops/cells.ts";
import type { Call, CellTwin } from "./twin.ts";

/** What the twins of both recurrent machines do at one step; the layout of the buffers stands in the shaders. */
export class RecurrentPass {
  readonly #call: Call;
  readonly #cell: CellTwin;
  readonly #batch: number; // B
  readonly #hidden: number; // H

  constructor(call: Call) {
    if (!call.cell) throw new Error("internal: a recurrent twin needs the twin of its cell");
    this.#call = call;
    this.#cell = call.cell;
    this.#batch = call.dims.batch as number;
    this.#hidden = call.constants.HIDDEN as number;
  }

  /** Row 0 of the states = state. */
  begin(): void {
    const { states, state } = this.#call.buffers;
    this.#forEach((row, unit) => {
      for (let s = 0; s < this.#cell.states; s++)
        states[this.#stateAt(s, 0, row, unit)] = state[this.#at(s, row, unit)];
    });
  }

  /** Row t of the states -> row t+1, gates of step t -> what the cell saves; the last step also writes `state`. */
  advance(t: number): void {
    const { states, state } = this.#call.buffers;
    this.#forEach((row, unit) => {
      const [x, r] = [this.#loadGates(0, t, row, unit), this.#recurrentSum(t, row, unit)];
      const next = this.#cell.forward(x, r, this.#loadStates(t, row, unit));
      this.#storeGates(0, t, row, unit, next.saved);
      if (this.#call.flags.SPLIT) this.#storeGates(this.#rGates, t, row, unit, r);
      next.state.forEach((value, s) => {
        states[this.#stateAt(s, t + 1, row, unit)] = value;
        if (t + 1 === this.#call.dims.time) state[this.#at(s, row, unit)] = value;
      });
    });
  }

  /** dstate of row t+1 -> row t without what passes through R, saved gates of step t -> their gradients. */
  retreat(t: number): void {
    const { dh, dstate } = this.#call.buffers;
    this.#forEach((row, unit) => {
      const dnext = this.#states((s) => dstate[this.#at(s, row, unit)] as number);
      dnext[0] = (dnext[0] as number) + (dh[this.#at(t, row, unit)] as number);
      const [previous, next] = [this.#loadStates(t, row, unit), this.#loadStates(t + 1, row, unit)];
      const [saved, r] = [this.#loadGates(0, t, row, unit), this.#loadGates(this.#rGates, t, row, unit)];
      const { dgates, dr, dprevious } = this.#cell.backward(saved, previous, next, dnext, r);
      this.#storeGates(0, t, row, unit, dgates);
      if (dr) this.#storeGates(this.#rGates, t, row, unit, dr);
      dprevious.forEach((value, s) => {
        dstate[this.#at(s, row, unit)] = value;
      });
    });
  }

  /** dstate of row t, for the output h: plus what step t sends back through R. */
  addRecurrentGradient(t: number): void {
    const { recurrent, dstate } = this.#call.buffers;
    const [gates, pitch, hidden] = [this.#cell.gates, gatePitch(this.#cell.gates), this.#hidden];
    this.#forEach((row, unit) => {
      const dr = this.#loadGates(this.#rGates, t, row, unit);
      for (let k = 0; k < hidden; k++) {
        const weights = (unit * hidden + k) * pitch;
        for (let g = 0; g < gates; g++) dstate[this.#at(0, row, k)] += dr[g] * recurrent[weights + g];
      }
    });
  }

  /** b_hh + R·h of one unit. */
  #recurrentSum(t: number, row: number, unit: number): number[] {
    const { recurrent, states } = this.#call.buffers;
    const [pitch, hidden] = [gatePitch(this.#cell.gates), this.#hidden];
    return Array.from({ length: this.#cell.gates }, (_, gate) => {
      let sum = recurrent[(hidden * hidden + unit) * pitch + gate] as number;
      for (let k = 0; k < hidden; k++) {
        sum += recurrent[(k * hidden + unit) * pitch + gate] * states[this.#stateAt(0, t, row, k)];
      }
      return sum;
    });
  }

  #forEach(visit: (row: number, unit: number) => void): void {
    for (let row = 0; row < this.#batch; row++) for (let unit = 0; unit < this.#hidden; unit++) visit(row, unit);
  }

  #states(value: (s: number) => number): number[] {
    return Array.from({ length: this.#cell.states }, (_, s) => value(s));
  }

  #loadStates(t: number, row: number, unit: number): number[] {
    return this.#states((s) => this.#call.buffers.states[this.#stateAt(s, t, row, unit)] as number);
  }

  /** @param part first element of x's gates or r's */
  #loadGates(part: number, t: number, row: number, unit: number): number[] {
    const { gates } = this.#call.buffers;
    const at = (gate: number): number => part + this.#gateAt(t, row, gate, unit);
    return Array.from({ length: this.#cell.gates }, (_, gate) => gates[at(gate)] as number);
  }

  #storeGates(part: number, t: number, row: number, unit: number, values: readonly number[]): void {
    const { gates } = this.#call.buffers;
    values.forEach((value, gate) => {
      gates[part + this.#gateAt(t, row, gate, unit)] = value;
    });
  }

  /** Where r's gates begin. */
  get #rGates(): number {
    return this.#call.dims.r_gates as number;
  }

  /** In a dense […, B, H]. */
  #at(outer: number, row: number, unit: number): number {
    return (outer * this.#batch + row) * this.#hidden + unit;
  }

  #gateAt(t: number, row: number, gate: number, unit: number): number {
    return ((t * this.#batch + row) * this.#cell.gates + gate) * this.#hidden + unit;
  }

  #stateAt(s: number, t: number, row: number, unit: number): number {
    const { lead, plane } = this.#call.dims as { lead: number; plane: number };
    return s * plane + lead + this.#at(t, row, unit);
  }
}
