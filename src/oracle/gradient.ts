import { LIMIT, SCALE } from "../control.ts";

/** As in `shaders/shared/update.wgsl`. */
export const clippedGradient = (control: Float64Array, gradient: number): number =>
  Math.max(-control[LIMIT], Math.min(control[LIMIT], control[SCALE] * gradient));
