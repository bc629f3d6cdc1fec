/** The layers of the cells that come with the package, each under the kind that files name it by. */
export { type GruOptions, gru } from "./gru.ts";
export { type JordanOptions, jordan } from "./jordan.ts";
export { type LstmOptions, lstm } from "./lstm.ts";
export { mgu } from "./mgu.ts";
export { indrnn, type RnnOptions, rnn } from "./rnn.ts";
