import type { Cell } from "../../ops/cells.ts";
import type { CellTwin } from "../twin.ts";
import { rolesOf } from "./roles.ts";

/** Twin of `shaders/cell/mgu.wgsl`: gate forget; the second stage makes the candidate and h. */
export function twin(cell: Cell): CellTwin {
  const role = rolesOf(cell);
  return {
    gates: 1,
    states: 1,
    forward({ x, r, previous }, direction) {
      const forget = role("f", direction).value((x[0] as number) + (r[0] as number));
      return { state: [0], saved: [forget], mid: forget * (previous[0] as number) };
    },
    backward({ saved, previous, dstate, dmid }, direction) {
      const forget = saved[0] as number;
      const dforget = (dstate[0] as number) + dmid * (previous[0] as number);
      return { dgates: [dforget * role("f", direction).derivative(forget)], dprevious: [dmid * forget] };
    },
    second: {
      forward({ x, r, gates, previous }, direction) {
        const forget = gates[0] as number;
        const candidate = role("g", direction).value(x + r);
        return { h: (1 - forget) * previous + forget * candidate, saved: candidate };
      },
      backward({ saved, gates, previous, dh }, direction) {
        const forget = gates[0] as number;
        const dr = dh * forget * role("g", direction).derivative(saved);
        return { dr, carry: dh * (saved - previous), dprevious: dh * (1 - forget) };
      },
    },
  };
}
