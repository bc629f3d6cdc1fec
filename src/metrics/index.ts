export { accuracy, argmax, type LabelOptions } from "./accuracy.ts";
export { bitsPerCharacter, perplexity } from "./cross-entropy.ts";
export { type ClassOptions, confusionMatrix, type F1, f1 } from "./f1.ts";
export type { Labels, Numbers } from "./flat.ts";
export { meanAbsoluteError } from "./mean-absolute-error.ts";
