import type { Workgroups } from "../plan/step.ts";
import { MOST_WORKGROUPS } from "./rows-grid.ts";

/** Elements of a workgroup of 64 invocations: a few for each, because starting a workgroup costs as much as an element. */
const ELEMENTS = 256;

/** For the kernels that stride through a tensor element by element. */
export const elementwise = (elements: number): Workgroups => [
  Math.min(Math.ceil(elements / ELEMENTS), MOST_WORKGROUPS),
  1,
  1,
];
