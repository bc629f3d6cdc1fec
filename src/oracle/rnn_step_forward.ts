import { RecurrentPass } from "./recurrent.ts";
import type { Twin } from "./twin.ts";

export const rnnStepForward: Twin = (call) => new RecurrentPass(call).advance(call.dims.t as number);
