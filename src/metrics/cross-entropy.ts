import { refuse } from "../errors.ts";

/**
 * How many equally likely symbols would be as hard to guess: e to the mean cross-entropy.
 * @param loss mean cross-entropy in nats, as trainers and evaluators give it
 * @returns at least 1 for a loss of at least 0; NaN where the loss is, as that of no symbols
 * @throws WebgpuRnnError when it is no number, such as the outputs themselves
 */
export const perplexity = (loss: number): number => Math.exp(nats("perplexity", loss));

/**
 * Bits that an ideal coder needs for a symbol; of a model of characters, bits per character.
 * @param loss mean cross-entropy in nats, as trainers and evaluators give it
 * @returns loss / ln 2; NaN where the loss is, as that of no symbols
 * @throws WebgpuRnnError when it is no number, such as the outputs themselves
 */
export const bitsPerCharacter = (loss: number): number => nats("bitsPerCharacter", loss) / Math.LN2;

function nats(what: string, loss: number): number {
  if (typeof loss === "number") return loss;
  const cure = "take that of an evaluator, which measures outputs against targets";
  throw refuse({ what, expected: "a mean loss in nats, one number", got: typeof loss, cure });
}
