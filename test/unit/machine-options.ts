import type { MachineOptions } from "../../src/ops/machine-options.ts";

/** A training of an LSTM of 128 units in one direction, with batches of 32 rows and 64 steps, unless told otherwise. */
export const machineOptions = ({
  hidden = 128,
  ...told
}: Partial<MachineOptions> & Pick<MachineOptions, "target">): MachineOptions => ({
  batch: 32,
  time: 64,
  hidden,
  out: hidden,
  gates: 4,
  directions: 1,
  twoStages: false,
  wholeRows: false,
  diagonal: false,
  half: false,
  training: true,
  ...told,
});
