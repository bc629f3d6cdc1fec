import type { ParameterLayout } from "../nn/parameters.ts";
import { type CarriedStates, recordModel } from "../nn/record.ts";
import type { Model } from "../nn/sequential.ts";
import { drawToken } from "../ops/sampling.ts";
import type { Plan } from "../plan/plan.ts";
import { Recorder } from "../plan/recorder.ts";
import { type Tensor, tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";

/** Tokens of one submit: few enough for text to come as it is written, many enough for submits to cost nothing. */
export const CHUNK = 64;

/** One token's way through the model and the draw of the next, to be played over and over. */
export interface SamplingPlan {
  readonly plan: Plan;
  /** The token to be read next. */
  readonly next: Tensor; // u32 [1, 1]
  /** A ring: the token at position p of the text lies at p mod CHUNK. */
  readonly tokens: Tensor; // u32 [1, CHUNK]
  /** Position of the token to be read next. */
  readonly cursor: Tensor; // u32 [1]
  readonly states: CarriedStates;
}

export function recordSampling(model: Model, layout: ParameterLayout, target: Target): SamplingPlan {
  const recorder = new Recorder({ target, repeats: CHUNK });
  const next = tensor("next", [1, 1], { type: "u32" });
  const tokens = tensor("tokens", [1, CHUNK], { type: "u32" });
  const cursor = tensor("cursor", [1], { type: "u32" });
  const { output, states } = recordModel(recorder, model, layout, next);
  drawToken(recorder, { logits: output, tokens, cursor, next });
  return { plan: recorder.finish("token"), next, tokens, cursor, states };
}
