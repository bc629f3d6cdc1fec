import { flag, onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";
import { checkIds } from "./ids.ts";
import { checkAnnounced, deviceInputs } from "./inputs.ts";
import { deviceMask, lengthsMask } from "./mask.ts";
import { deviceTargets } from "./targets.ts";

/** What `pairs.ts`, which comes by `import()` and imports nothing, is handed. */
export const PAIR_NEEDS = {
  checkAnnounced,
  checkIds,
  deviceInputs,
  deviceMask,
  deviceTargets,
  flag,
  lengthsMask,
  onlyKnown,
  refuse,
  whole,
};

export type PairNeeds = typeof PAIR_NEEDS;
