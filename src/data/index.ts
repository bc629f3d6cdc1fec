export { characters, type Vocabulary, vocabularyFrom } from "./characters.ts";
export { split } from "./split.ts";
export { type StreamBatch, type StreamOptions, type Streams, streams } from "./streams.ts";
export { type StoredWords, type WordOptions, type WordVocabulary, words, wordsFrom } from "./words.ts";
