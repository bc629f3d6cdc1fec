import { activate } from "../ops/activation.ts";
import { resolveActivation } from "../ops/activations.ts";
import { attend } from "../ops/attention.ts";
import { linear } from "../ops/linear.ts";
import { linearSum } from "../ops/linear-sum.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import type { Layer, Parameter } from "./layer.ts";

/** How well a step e of the source answers the decoder's h. */
export const SCORES = ["additive", "multiplicative"] as const;
export type AttentionScore = (typeof SCORES)[number];

/** The parameter that keys are made with, by score. */
const KEY_WEIGHT: Readonly<Record<AttentionScore, string>> = { additive: "weight_key", multiplicative: "weight" };

/**
 * Looks back at an encoder's outputs e from the outputs h of a decoder's last recurrent layer: [T, B, H] → [T, B, H],
 * tanh(W_c·c + W_h·h), where c is the mean of all e, weighted by the softmax of their scores (Luong et al. 2015).
 * @param hidden H
 * @param outputs C, of the encoder
 */
export function attention(score: AttentionScore, hidden: number, outputs: number): Layer {
  const named = (name: string, shape: readonly number[], inputs: number): Parameter => ({
    name,
    shape,
    initial: { kind: "uniform", bound: 1 / Math.sqrt(inputs) },
  });
  const scoring =
    score === "additive"
      ? [named("weight_query", [hidden, hidden], hidden), named("weight_score", [hidden], hidden)]
      : [];
  return {
    kind: "attention",
    config: { score, hidden, outputs },
    parameters: [
      named(KEY_WEIGHT[score], [hidden, outputs], outputs),
      ...scoring,
      named("weight_context", [hidden, outputs], outputs + hidden),
      named("weight_hidden", [hidden, hidden], outputs + hidden),
    ],
    input: hidden,
    output: hidden,
    record({ recorder, encoded, parameter, tap }, h) {
      if (!encoded) throw new Error("internal: attention without an encoder");
      const { outputs: values, mask } = encoded;
      const additive = score === "additive";
      const { context, weights } = attend(recorder, {
        queries: additive ? linear(recorder, h, { weight: parameter("weight_query") }) : h,
        keys: encoded.keys ?? recordKeys(recorder, score, values, parameter),
        values,
        mask,
        scoreWeight: additive ? parameter("weight_score") : undefined,
      });
      tap("weights", weights);
      const terms = [
        { x: context, weight: parameter("weight_context") },
        { x: h, weight: parameter("weight_hidden") },
      ] as const;
      return activate(recorder, linearSum(recorder, terms), resolveActivation("attention", "tanh"));
    },
  };
}

/** What the steps of the source answer with, the same for all steps of the decoder. @returns [S, B, H] */
export const recordKeys = (
  recorder: Recorder,
  score: AttentionScore,
  outputs: Tensor,
  parameter: (name: string) => Tensor,
): Tensor => recorder.scope("keys", () => linear(recorder, outputs, { weight: parameter(KEY_WEIGHT[score]) }));
