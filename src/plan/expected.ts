import { costsOf } from "../costs.ts";
import { sizeOf } from "../tensor.ts";
import type { Target } from "../variant.ts";
import type { Step } from "./step.ts";

/** Milliseconds of a dispatch that reads and writes all that it binds, once. */
export function expectedOf({ bindings, multiplyAdds }: Step, target: Target): number {
  const { dispatch, multiplyAdd, byte } = costsOf(target);
  const elements = Object.values(bindings).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return (dispatch + Math.max(multiplyAdds * multiplyAdd, 4 * elements * byte)) / 1000;
}
