import type { Cell } from "../../ops/cells.ts";
import type { CellTwin } from "../twin.ts";
import { rolesOf } from "./roles.ts";

/** Twin of `shaders/cell/rnn.wgsl`: one gate, state h; for a Jordan network h is the second state as well. */
export function twin(cell: Cell): CellTwin {
  const role = rolesOf(cell);
  return {
    gates: 1,
    states: cell.states,
    forward({ x, r }, direction) {
      const h = role("f", direction).value((x[0] as number) + (r[0] as number));
      return { state: [h, h].slice(0, cell.states), saved: [h] };
    },
    backward({ saved, dstate }, direction) {
      const dh = dstate.reduce((sum, value, s) => (s < cell.states ? sum + value : sum), 0);
      return { dgates: [dh * role("f", direction).derivative(saved[0] as number)], dprevious: [0, 0] };
    },
  };
}
