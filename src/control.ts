/** Where the numbers of a training step live on the device; the same indices as `shaders/shared/control.wgsl`. */

/** In `control`, f32. */
export const LOSS = 0;
export const NORM = 1;
export const SCALE = 2;
export const CORRECTION1 = 3;
export const CORRECTION2 = 4;
export const FACTOR = 5;
export const RATE = 6;
export const LIMIT = 7;

/** In `counters`, u32. */
export const STEP = 0;
export const APPLIED = 1;
export const REFUSED = 2;
export const SPOILT = 3;

/** Losses of the latest steps that the device keeps, so that one read serves many steps. */
export const HISTORY = 256;

/** Factors of the schedule that the device keeps: the host writes as steps are submitted, the device reads as updates apply. */
export const RING = 4096;
