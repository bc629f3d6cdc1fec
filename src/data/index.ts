export { batches, type ColumnBatch, type Columns } from "./batches.ts";
export { characters, type Vocabulary, vocabularyFrom } from "./characters.ts";
export { type PadFeatureOptions, type PadOptions, padSequences } from "./pad-sequences.ts";
export {
  type ShuffledBatch,
  type ShuffledBatches,
  type ShuffledBatchOptions,
  shuffledBatches,
} from "./shuffled-batches.ts";
export { split } from "./split.ts";
export { type StreamBatch, type StreamOptions, type Streams, streams } from "./streams.ts";
export { ADDING_BASELINE, addingProblem } from "./tasks/adding-problem.ts";
export { COPY_VOCABULARY, type CopyMemoryOptions, copyBaseline, copyMemory } from "./tasks/copy-memory.ts";
export { type EmbeddedReber, embeddedReber, REBER_SYMBOLS } from "./tasks/embedded-reber.ts";
export { mackeyGlass } from "./tasks/mackey-glass.ts";
export { parity } from "./tasks/parity.ts";
export { sine } from "./tasks/sine.ts";
export type { Task, TaskOptions, TimedTaskOptions } from "./tasks/task.ts";
export { TEMPORAL_ORDER_SYMBOLS, type TemporalOrder, temporalOrder } from "./tasks/temporal-order.ts";
export { type WindowExample, type WindowOptions, windows } from "./windows.ts";
export { type StoredWords, type WordOptions, type WordVocabulary, words, wordsFrom } from "./words.ts";
