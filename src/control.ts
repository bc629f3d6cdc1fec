/** Where the numbers of a training step live on the device; the same indices as `shaders/shared/control.wgsl`. */

/** In `control`, f32. */
export const LOSS = 0;
export const NORM = 1;
export const SCALE = 2;
export const CORRECTION1 = 3;
export const CORRECTION2 = 4;

/** In `counters`, u32. */
export const STEP = 0;
export const APPLIED = 1;
export const REFUSED = 2;

/** Losses of the latest steps that the device keeps, so that one read serves many steps. */
export const HISTORY = 256;
