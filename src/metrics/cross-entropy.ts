/**
 * How many equally likely symbols would be as hard to guess: e to the mean cross-entropy.
 * @param loss mean cross-entropy in nats, as trainers and evaluators give it
 * @returns at least 1 for a loss of at least 0; NaN where the loss is, as that of no symbols
 */
export const perplexity = (loss: number): number => Math.exp(loss);

/**
 * Bits that an ideal coder needs for a symbol; of a model of characters, bits per character.
 * @param loss mean cross-entropy in nats, as trainers and evaluators give it
 * @returns loss / ln 2; NaN where the loss is, as that of no symbols
 */
export const bitsPerCharacter = (loss: number): number => loss / Math.LN2;
