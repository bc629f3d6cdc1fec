import handbook from "../src/cli/corpus/corpus.txt?raw";
import { numbersInWords } from "./numbers-in-words.ts";

/** A text that the page brings along. */
interface BuiltInText {
  /** Stands for it in the address of the page. */
  id: string;
  title: string;
  /** What its samples begin with. */
  prompt: string;
  read(): Promise<string>;
}

export const builtInTexts: readonly BuiltInText[] = [
  { id: "handbook", title: "Handbook of the small network", prompt: "The ", read: async () => handbook },
  { id: "numbers", title: "Numbers in words", prompt: "seven ", read: async () => numbersInWords(1000) },
  {
    id: "shaders",
    title: "Shaders of this library",
    prompt: "fn ",
    read: async () => (await import("./shader-texts.ts")).shaderTexts,
  },
];
