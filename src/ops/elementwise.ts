import type { Workgroups } from "../plan/step.ts";

/** Elements of a workgroup of 64 invocations: a few for each, because starting a workgroup costs as much as an element. */
const ELEMENTS = 256;
const MOST_WORKGROUPS = 65_535;

/** For the kernels that stride through a tensor element by element. */
export const elementwise = (elements: number): Workgroups => [
  Math.min(Math.ceil(elements / ELEMENTS), MOST_WORKGROUPS),
  1,
  1,
];
