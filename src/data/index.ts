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
export { type WindowExample, type WindowOptions, windows } from "./windows.ts";
export { type StoredWords, type WordOptions, type WordVocabulary, words, wordsFrom } from "./words.ts";
