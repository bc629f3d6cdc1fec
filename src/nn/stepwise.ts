import { refuse } from "../errors.ts";
import type { Model } from "./sequential.ts";

/** Refuses layers that would have to see steps that are still to come, or that they no longer have. */
export function checkStepwise(what: string, { layers }: Model): void {
  const wrong = layers.findIndex(({ wholeSequence }) => wholeSequence);
  if (wrong < 0) return;
  const { kind, config } = layers[wrong] as Model["layers"][number];
  const got = `layer ${wrong} (${kind}), ${config.direction ?? "which needs the whole sequence"}`;
  throw refuse({ what, expected: "layers that run forward in time", got });
}
