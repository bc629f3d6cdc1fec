import type { Cell } from "../../ops/cells.ts";
import type { CellTwin } from "../twin.ts";
import { rolesOf } from "./roles.ts";

type Two = readonly [number, number];

/** Twin of `shaders/cell/gru_before.wgsl`: gates reset, update; the second stage makes the candidate and h. */
export function twin(cell: Cell): CellTwin {
  const role = rolesOf(cell);
  return {
    gates: 2,
    states: 1,
    forward({ x, r, previous }, direction) {
      const [reset, update] = x.map((value, gate) => role("f", direction).value(value + (r[gate] as number))) as [
        number,
        number,
      ];
      return { state: [0], saved: [reset, update], mid: reset * (previous[0] as number) };
    },
    backward({ saved, previous, dstate, dmid }, direction) {
      const f = role("f", direction);
      const [reset, update] = saved as Two;
      const dreset = dmid * (previous[0] as number) * f.derivative(reset);
      return { dgates: [dreset, (dstate[0] as number) * f.derivative(update)], dprevious: [dmid * reset] };
    },
    second: {
      forward({ x, r, gates, previous }, direction) {
        const [, update] = gates as Two;
        const candidate = role("g", direction).value(x + r);
        return { h: (1 - update) * candidate + update * previous, saved: candidate };
      },
      backward({ saved, gates, previous, dh }, direction) {
        const [, update] = gates as Two;
        const dr = dh * (1 - update) * role("g", direction).derivative(saved);
        return { dr, carry: dh * (previous - saved), dprevious: dh * update };
      },
    },
  };
}
