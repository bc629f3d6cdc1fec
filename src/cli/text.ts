import { createHash } from "node:crypto";
import { basename } from "node:path";
import { refuse } from "../errors.ts";
import { readBytes } from "../node/files.ts";
import corpus from "./corpus/corpus.txt?raw";

/** A text to learn from. */
export interface Text {
  /** For people. */
  readonly name: string;
  readonly content: string;
  readonly mark: TextMark;
}

/** What a checkpoint keeps of its text, to know it again. */
export interface TextMark {
  /** Name of the file without its folder; null for the built-in corpus. */
  readonly file: string | null;
  /** Of the content in UTF-8, in hexadecimal. */
  readonly sha256: string;
}

export const builtInText = (): Text => describe("built-in corpus", null, corpus);

/** @throws WebgpuRnnError when the file is missing, unreadable, empty or not a text in UTF-8 */
export async function readText(path: string): Promise<Text> {
  const bytes = await readBytes(path, "a text file");
  if (bytes.length === 0) throw refuse({ what: path, expected: "a text to learn from", got: "an empty file" });
  return describe(path, basename(path), decode(path, bytes));
}

function describe(name: string, file: string | null, content: string): Text {
  return { name, content, mark: { file, sha256: createHash("sha256").update(content).digest("hex") } };
}

function decode(path: string, bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  const cure = "convert it to UTF-8 if it is a text";
  if (zero >= 0) throw refuse({ what: path, expected: "a text in UTF-8", got: `a zero byte at ${zero}`, cure });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse({ what: path, expected: "a text in UTF-8", got: "bytes that are none", cure });
  }
}
