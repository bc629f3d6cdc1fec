import type { Twin } from "./twin.ts";

export const rnnBegin: Twin = ({ buffers: { state, states }, dims, constants }) => {
  const { elements, lead, plane } = dims as { elements: number; lead: number; plane: number };
  for (let s = 0; s < (constants.STATES as number); s++) {
    for (let i = 0; i < elements; i++) states[s * plane + lead + i] = state[s * elements + i];
  }
};
