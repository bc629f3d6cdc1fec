import { HISTORY, RING } from "../control.ts";
import { tensor } from "../tensor.ts";

/** What steers a training step without the host. */
export const controlTensors = () => ({
  control: tensor("control", [8]),
  counters: tensor("counters", [4], { type: "u32" }),
  losses: tensor("losses", [HISTORY]),
});

/** The schedule's factors, as the host writes them. */
export const ratesTensor = () => tensor("rates", [RING]);
