import type { Cell } from "../../ops/cells.ts";
import type { CellTwin } from "../twin.ts";
import { rolesOf } from "./roles.ts";

interface Gates {
  readonly i: number;
  readonly f: number;
  readonly g: number;
  readonly o: number;
}

/** Twin of `shaders/cell/lstm.wgsl`: gates i f g o, or i g o if coupled; states h c. */
export function twin(cell: Cell): CellTwin {
  const { coupled = false, cellClip = Number.POSITIVE_INFINITY } = cell;
  const role = rolesOf(cell);
  const named = (gates: readonly number[]): Gates => {
    const [i = 0, second = 0, third = 0, fourth = 0] = gates;
    return coupled ? { i, f: 1 - i, g: second, o: third } : { i, f: second, g: third, o: fourth };
  };
  const listed = ({ i, f, g, o }: Gates): number[] => (coupled ? [i, g, o] : [i, f, g, o]);
  const unclipped = ({ i, f, g }: Gates, previous: number): number => f * previous + i * g;
  const clipped = (c: number): number => Math.min(Math.max(c, -cellClip), cellClip);
  return {
    gates: cell.gates,
    states: 2,
    forward({ x, r, previous, peepholes }, direction) {
      const [f, g, h] = [role("f", direction), role("g", direction), role("h", direction)];
      const [peepI = 0, peepF = 0, peepO = 0] = peepholes;
      const before = previous[1] as number;
      const a = named(x.map((value, gate) => value + (r[gate] as number)));
      const i = f.value(a.i + peepI * before);
      const forget = coupled ? 1 - i : f.value(a.f + peepF * before);
      const inner = { i, f: forget, g: g.value(a.g), o: a.o };
      const c = clipped(unclipped(inner, before));
      const o = f.value(a.o + peepO * c);
      return { state: [o * h.value(c), c], saved: listed({ ...inner, o }) };
    },
    backward({ saved, previous, dstate, peepholes }, direction) {
      const [f, g, activationH] = [role("f", direction), role("g", direction), role("h", direction)];
      const [peepI = 0, peepF = 0, peepO = 0] = peepholes;
      const [before, dh, dcNext] = [previous[1] as number, dstate[0] as number, dstate[1] as number];
      const gates = named(saved);
      const free = unclipped(gates, before);
      const c = clipped(free);
      const h = activationH.value(c);
      const o = dh * h * f.derivative(gates.o);
      const dc = c === free ? dcNext + dh * gates.o * activationH.derivative(h) + peepO * o : 0;
      const di = dc * (coupled ? gates.g - before : gates.g) * f.derivative(gates.i);
      const df = coupled ? 0 : dc * before * f.derivative(gates.f);
      const dg = dc * gates.i * g.derivative(gates.g);
      return {
        dgates: listed({ i: di, f: df, g: dg, o }),
        dpeepholes: [di * before, df * before, o * c],
        dprevious: [0, dc * gates.f + peepI * di + peepF * df],
      };
    },
  };
}
