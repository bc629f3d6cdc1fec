import type { Cell } from "../../ops/cells.ts";
import type { CellTwin } from "../twin.ts";
import { rolesOf } from "./roles.ts";

type Three = readonly [number, number, number];

/** Twin of `shaders/cell/gru.wgsl`: gates reset, update, candidate, state h. */
export function twin(cell: Cell): CellTwin {
  const role = rolesOf(cell);
  return {
    gates: 3,
    states: 1,
    forward({ x, r, previous }, direction) {
      const [f, g] = [role("f", direction), role("g", direction)];
      const [xReset, xUpdate, xCandidate] = x as Three;
      const [rReset, rUpdate, rCandidate] = r as Three;
      const [reset, update] = [f.value(xReset + rReset), f.value(xUpdate + rUpdate)];
      const candidate = g.value(xCandidate + reset * rCandidate);
      const h = (1 - update) * candidate + update * (previous[0] as number);
      return { state: [h], saved: [reset, update, candidate] };
    },
    backward({ saved, r, previous, dstate }, direction) {
      const [f, g] = [role("f", direction), role("g", direction)];
      const [reset, update, candidate] = saved as Three;
      const [dh, before] = [dstate[0] as number, previous[0] as number];
      const dcandidate = dh * (1 - update) * g.derivative(candidate);
      const dreset = dcandidate * (r as Three)[2] * f.derivative(reset);
      const dupdate = dh * (before - candidate) * f.derivative(update);
      return {
        dgates: [dreset, dupdate, dcandidate],
        dr: [dreset, dupdate, dcandidate * reset],
        dprevious: [dh * update],
      };
    },
  };
}
