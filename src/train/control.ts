import { tensor } from "../tensor.ts";

/** Losses of the latest steps that the device keeps, so that one read serves many steps. */
export const HISTORY = 256;

/** Index of the mean loss in `control`, as in `shaders/shared/control.wgsl`. */
export const LOSS = 0;

/** What steers a training step without the host. */
export const controlTensors = () => ({
  control: tensor("control", [8]),
  counters: tensor("counters", [4], { type: "u32" }),
  losses: tensor("losses", [HISTORY]),
});
