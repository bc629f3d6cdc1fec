import type { Twin } from "./twin.ts";

const STATES = 2; // S

export const rnnBegin: Twin = ({ buffers: { state, states }, dims }) => {
  const { elements, lead, plane } = dims as { elements: number; lead: number; plane: number };
  for (let s = 0; s < STATES; s++) {
    for (let i = 0; i < elements; i++) states[s * plane + lead + i] = state[s * elements + i];
  }
};
