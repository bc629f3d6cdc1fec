import type { Workgroups } from "../plan/step.ts";

/** Invocations of a workgroup in the kernels that go over a tensor element by element. */
const LANES = 64;
const MOST_WORKGROUPS = 65_535;

/** One invocation an element, or a stride through them where there are more than one dispatch may have. */
export const elementwise = (elements: number): Workgroups => [
  Math.min(Math.ceil(elements / LANES), MOST_WORKGROUPS),
  1,
  1,
];
